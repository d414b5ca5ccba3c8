extern alias client;

using System.Text.Json;
using AgentRuntime.Common;
using Grpc.Core;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

public sealed class RunsApiTests(FrontDoorHost host)
{
    private static int _ids;

    private readonly Wire.Runs.RunsClient _runs = host.Client("anna", Roles.Developer).Runs;

    [Fact]
    public async Task StartRun_SameRequestAgain_GivesTheSameRun()
    {
        var request = Start("hello");
        var first = await _runs.StartRunAsync(request, cancellationToken: Patience);
        var second = await _runs.StartRunAsync(request, cancellationToken: Patience);

        Assert.Equal(first.Name, second.Name);
        Assert.Equal("tenants/acme/agents/payer", first.Agent);
        Assert.Equal(1, first.AgentVersion);
    }

    [Fact]
    public async Task StartRun_SameRequestIdWithAnotherBody_IsRefusedAndLosesNothing()
    {
        var request = Start("hello");
        var run = await _runs.StartRunAsync(request, cancellationToken: Patience);
        request.Input = "something else";

        await RpcAssert.FailsAsync(StatusCode.AlreadyExists, () => _runs.StartRunAsync(request, cancellationToken: Patience).ResponseAsync);
        var ended = await EndOfAsync(run.Name);
        Assert.Equal("you said hello", ended.Output);
    }

    [Fact]
    public async Task StartRun_BadInput_NamesTheField()
    {
        await RpcAssert.RefusesAsync("parent", () => StartAsync(request => request.Parent = "tenants/other"));
        await RpcAssert.RefusesAsync("agent", () => StartAsync(request => request.Agent = "payer"));
        await RpcAssert.RefusesAsync("agent", () => StartAsync(request => request.Agent = "tenants/acme/agents/Payer"));
        await RpcAssert.RefusesAsync("agent_version", () => StartAsync(request => request.AgentVersion = -1));
        await RpcAssert.RefusesAsync("input", () => StartAsync(request => request.Input = ""));
        await RpcAssert.RefusesAsync("input", () => StartAsync(request => request.Input = new string('x', 1024 * 1024 + 1)));
        await RpcAssert.RefusesAsync("request_id", () => StartAsync(request => request.RequestId = ""));
        await RpcAssert.RefusesAsync("request_id", () => StartAsync(request => request.RequestId = "a\u202eb"));
        await RpcAssert.RefusesAsync("on_behalf_of", () => StartAsync(request => request.OnBehalfOf = "a\nb"));
        await RpcAssert.FailsAsync(StatusCode.NotFound, () => StartAsync(request => request.Agent = "tenants/acme/agents/nobody"));
    }

    [Fact]
    public async Task StartRun_MessageOver4Megabytes_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<RpcException>(() => StartAsync(request => request.Input = new string('x', 5_000_000)));
        Assert.Equal(StatusCode.ResourceExhausted, fault.StatusCode);
    }

    [Fact]
    public async Task GetRun_OfAnotherTenant_LooksLikeOneThatIsNotThere()
    {
        var run = await _runs.StartRunAsync(Start("hello"), cancellationToken: Patience);
        var id = run.Name.Split('/')[^1];
        var others = host.Client("other", "otto", [Roles.Developer]).Runs;

        var foreign = await RpcAssert.FailsAsync(StatusCode.NotFound, () => GetAsync(others, $"tenants/other/runs/{id}"));
        var missing = await RpcAssert.FailsAsync(StatusCode.NotFound, () => GetAsync(others, "tenants/other/runs/missing"));
        Assert.Equal(missing.Status.Detail.Replace("missing", id, StringComparison.Ordinal), foreign.Status.Detail);
        await RpcAssert.RefusesAsync("name", () => GetAsync(others, run.Name));
    }

    [Fact]
    public async Task ListRuns_Pages_GiveEachRunOnceNewestFirst()
    {
        var lister = host.Client("other", "otto", [Roles.Developer]).Runs;
        var started = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var request = Start("hello");
            (request.Parent, request.Agent) = ("tenants/other", "tenants/other/agents/payer");
            started.Add((await lister.StartRunAsync(request, cancellationToken: Patience)).Name);
        }

        var listed = new List<string>();
        var page = new Wire.ListRunsRequest { Parent = "tenants/other", PageSize = 2 };
        do
        {
            var response = await lister.ListRunsAsync(page, cancellationToken: Patience);
            Assert.InRange(response.Runs.Count, 1, 2);
            listed.AddRange(response.Runs.Select(run => run.Name));
            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);

        // Other tests start runs of this tenant too.
        started.Reverse();
        Assert.Equal(started, listed.Where(started.Contains));
        Assert.Equal(listed.Distinct(), listed);
    }

    [Fact]
    public async Task ListRuns_TokenWithOtherFilters_IsRefused()
    {
        for (var i = 0; i < 2; i++) await _runs.StartRunAsync(Start("hello"), cancellationToken: Patience);
        var request = new Wire.ListRunsRequest { Parent = "tenants/acme", PageSize = 1 };
        request.PageToken = (await _runs.ListRunsAsync(request, cancellationToken: Patience)).NextPageToken;
        request.State = Wire.RunState.Failed;
        await RpcAssert.RefusesAsync("page_token", () => _runs.ListRunsAsync(request, cancellationToken: Patience).ResponseAsync);
        request.State = (Wire.RunState)99;
        await RpcAssert.RefusesAsync("state", () => _runs.ListRunsAsync(request, cancellationToken: Patience).ResponseAsync);
    }

    [Fact]
    public async Task WatchRun_FromTheStart_GivesEachRecordInOrderAndEnds()
    {
        var run = await _runs.StartRunAsync(Start("hello"), cancellationToken: Patience);
        var records = await WatchAsync(run.Name, afterSeq: null);

        Assert.Equal(Enumerable.Range(0, records.Count).Select(seq => (long)seq), records.Select(record => record.Seq));
        Assert.Equal(("run.started", "run.completed"), (records[0].Type, records[^1].Type));
        Assert.All(records, record => Assert.Matches("^[0-9a-f]{64}$", record.HeaderHash));
        Assert.Contains("anna", records[0].Actor, StringComparison.Ordinal);
        using var payload = JsonDocument.Parse(records[0].PayloadJson);
        Assert.Equal("hello", payload.RootElement.GetProperty("input").GetString());
    }

    [Fact]
    public async Task WatchRun_AfterASeq_GoesOnThereAndEndsAtOnceAfterTheLast()
    {
        var run = await _runs.StartRunAsync(Start("hello"), cancellationToken: Patience);
        var all = await WatchAsync(run.Name, afterSeq: null);

        Assert.Equal(all.Skip(1), await WatchAsync(run.Name, afterSeq: 0));
        Assert.Empty(await WatchAsync(run.Name, all[^1].Seq));
        await RpcAssert.RefusesAsync("after_seq", () => WatchAsync(run.Name, -1));
        await RpcAssert.FailsAsync(StatusCode.NotFound, () => WatchAsync("tenants/acme/runs/missing", null));
    }

    [Fact]
    public async Task WatchRun_ThatIsQuiet_SendsHeartbeatsAndIsWokenByTheNextRecord()
    {
        var run = await _runs.StartRunAsync(Start("pay"), cancellationToken: Patience);
        using var watch = _runs.WatchRun(new Wire.WatchRunRequest { Name = run.Name }, cancellationToken: Patience);
        while (await watch.ResponseStream.MoveNext(Patience) && watch.ResponseStream.Current.Heartbeat is null) continue;
        Assert.NotNull(watch.ResponseStream.Current.Heartbeat);

        var cancelled = await _runs.CancelRunAsync(new Wire.ControlRunRequest { Name = run.Name, Reason = "enough" }, cancellationToken: Patience);
        Assert.Contains(cancelled.State, new[] { Wire.RunState.Cancelled, Wire.RunState.WaitingForApproval, Wire.RunState.Running });
        var last = "";
        while (await watch.ResponseStream.MoveNext(Patience)) last = watch.ResponseStream.Current.Record?.Type ?? last;
        Assert.Equal("run.cancelled", last);
    }

    [Fact]
    public async Task WatchRun_MoreThanATenantMay_IsRefusedUntilOneEnds()
    {
        var watcher = host.Client("other", "otto", [Roles.Developer]).Runs;
        var request = Start("pay");
        (request.Parent, request.Agent) = ("tenants/other", "tenants/other/agents/payer");
        var run = await watcher.StartRunAsync(request, cancellationToken: Patience);
        var open = new List<AsyncServerStreamingCall<Wire.WatchRunResponse>>();
        for (var i = 0; i < FrontDoorHost.MaxWatches; i++)
        {
            open.Add(watcher.WatchRun(new Wire.WatchRunRequest { Name = run.Name }, cancellationToken: Patience));
            Assert.True(await open[i].ResponseStream.MoveNext(Patience));
        }

        await RpcAssert.FailsAsync(StatusCode.ResourceExhausted, () => FirstAsync(watcher, run.Name));
        open.ForEach(watch => watch.Dispose());
        await EventuallyAsync(() => FirstAsync(watcher, run.Name));
        await watcher.KillRunAsync(new Wire.ControlRunRequest { Name = run.Name }, cancellationToken: Patience);
    }

    [Fact]
    public async Task PauseAndResume_OfAWaitingRun_ShowInItsState()
    {
        var run = await _runs.StartRunAsync(Start("pay"), cancellationToken: Patience);
        var paused = await _runs.PauseRunAsync(new Wire.ControlRunRequest { Name = run.Name, Reason = "lunch" }, cancellationToken: Patience);
        Assert.Equal((Wire.RunState.Paused, "lunch"), (paused.State, paused.Reason));
        var resumed = await _runs.ResumeRunAsync(new Wire.ControlRunRequest { Name = run.Name, Reason = "back" }, cancellationToken: Patience);
        Assert.NotEqual(Wire.RunState.Paused, resumed.State);
        await _runs.KillRunAsync(new Wire.ControlRunRequest { Name = run.Name }, cancellationToken: Patience);
        await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => _runs.SendInputAsync(
            new Wire.SendInputRequest { Name = run.Name, Input = "more", RequestId = "r" }, cancellationToken: Patience).ResponseAsync);
    }

    [Fact]
    public async Task ForkRun_ThatBeginsAtALimit_IsListedAsWhatItIs()
    {
        await host.Client("dave", Roles.Developer).Agents.ApplyAgentAsync(
            new Wire.ApplyAgentRequest
            {
                Parent = "tenants/acme",
                Manifest = "kind: Agent\nname: narrow\ninstructions: Pay.\nmodel: asking\nriskScope: write-high\ntools: [pay]\nlimits: { maxFanOut: 1 }\n",
            },
            cancellationToken: Patience);
        var start = Start("pay twice");
        start.Agent = "tenants/acme/agents/narrow";
        var run = await _runs.StartRunAsync(start, cancellationToken: Patience);
        Assert.Equal(Wire.RunState.Failed, (await EndOfAsync(run.Name)).State);

        var fork = await _runs.ForkRunAsync(new Wire.ForkRunRequest { Name = run.Name, AtSeq = 1, Live = true, RequestId = $"fork-of-{start.RequestId}" }, cancellationToken: Patience);

        Assert.Equal(Wire.RunState.Failed, fork.State);
        Assert.Equal(Wire.RunState.Failed, (await _runs.GetRunAsync(new Wire.GetRunRequest { Name = fork.Name }, cancellationToken: Patience)).State);
        var newest = await _runs.ListRunsAsync(new Wire.ListRunsRequest { Parent = "tenants/acme", Agent = start.Agent, PageSize = 1 }, cancellationToken: Patience);
        Assert.Equal((fork.Name, Wire.RunState.Failed), (newest.Runs[0].Name, newest.Runs[0].State));
    }

    private static Wire.StartRunRequest Start(string input) => new()
    {
        Parent = "tenants/acme",
        Agent = "tenants/acme/agents/payer",
        Input = input,
        RequestId = $"request-{Interlocked.Increment(ref _ids)}",
    };

    private Task<Wire.Run> StartAsync(Action<Wire.StartRunRequest> change)
    {
        var request = Start("hello");
        change(request);
        return _runs.StartRunAsync(request, cancellationToken: Patience).ResponseAsync;
    }

    private static Task<Wire.Run> GetAsync(Wire.Runs.RunsClient runs, string name) =>
        runs.GetRunAsync(new Wire.GetRunRequest { Name = name }, cancellationToken: Patience).ResponseAsync;

    private async Task<List<Wire.RunRecord>> WatchAsync(string run, long? afterSeq)
    {
        var records = new List<Wire.RunRecord>();
        await foreach (var record in host.Client("anna", Roles.Developer).WatchRunAsync(run, afterSeq, Patience)) records.Add(record);
        return records;
    }

    private async Task<Wire.Run> EndOfAsync(string run)
    {
        await WatchAsync(run, afterSeq: null);
        return await GetAsync(_runs, run);
    }

    private static async Task FirstAsync(Wire.Runs.RunsClient runs, string run)
    {
        using var watch = runs.WatchRun(new Wire.WatchRunRequest { Name = run }, cancellationToken: Patience);
        Assert.True(await watch.ResponseStream.MoveNext(Patience));
    }

    // The server notices a closed stream a moment after the client closed it.
    private static async Task EventuallyAsync(Func<Task> attempt)
    {
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.ResourceExhausted)
            {
                await Task.Delay(20, Patience);
            }
        }
    }
}
