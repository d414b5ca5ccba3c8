using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Silo.Tests.Runs;

public sealed class StartTests(RunHost host)
{
    [Fact]
    public async Task Start_SameRequestAgain_IsTheSameRunWithOneStart()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        var again = await run.StartAsync();
        var records = await run.EndAsync();
        var late = await run.StartAsync();

        Assert.Equal(run.Key.Run, again.Run);
        Assert.Equal(RunStatus.Completed, late.Status);
        Assert.Equal("done", late.Output);
        Assert.Equal(again.StartedAt, late.StartedAt);
        Assert.Equal(records.Count, (await run.RecordsAsync()).Count);
        Assert.Single(records.OfType<RunStarted>());
        Assert.Single(run.Invocations);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Start_SameRequestWithAnotherBody_IsRefusedAndNamesRequestId()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        StartRun[] others =
        [
            run.Command with { Input = "another" },
            run.Command with { OnBehalfOf = "someone" },
            run.Command with { AgentVersion = 1 },
            run.Command with { Agent = "another" },
        ];
        foreach (var other in others)
        {
            var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.Grain.StartAsync(other, TestContext.Current.CancellationToken));
            Assert.Equal(ErrorCode.AlreadyExists, refusal.Code);
            Assert.Contains("request_id", refusal.Message, StringComparison.Ordinal);
        }

        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
    }

    [Fact]
    public async Task Start_ManyAtOnce_GiveOneRun()
    {
        var run = host.Silo.NewRun(Reply.CallingThenDone(RunCast.Put));
        var views = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => run.StartAsync()));
        var records = await run.EndAsync();

        Assert.Single(views.Select(view => view.StartedAt).Distinct());
        Assert.Single(records.OfType<RunStarted>());
        Assert.Single(run.Invocations);
    }

    [Fact]
    public async Task Start_BeyondOpenRuns_IsRefusedByNameAndMayStartOnceOneEnds()
    {
        var tenant = TenantId.Parse("small");
        await host.Silo.SetUpAsync(tenant, maxOpenRuns: 2);
        var runs = Enumerable.Range(0, 3).Select(_ => host.Silo.NewRun(Reply.CallingThenDone(RunCast.Pay), tenant: tenant)).ToList();
        await runs[0].StartAsync();
        await runs[1].StartAsync();

        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(runs[2].StartAsync);
        Assert.Equal(ErrorCode.LimitExceeded, refusal.Code);
        Assert.Contains("maxOpenRuns", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await runs[2].EntriesAsync());

        await runs[0].ControlAsync(RunControl.Kill);
        Assert.False((await runs[2].StartAsync()).Status.IsTerminal());
    }

    [Fact]
    public async Task Start_UnknownAgentOrTenant_IsRefusedByNameAndLeavesNothing()
    {
        var stranger = host.Silo.NewRun(Reply.CallingThenDone(), agent: "nobody");
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(stranger.StartAsync);
        Assert.Equal(ErrorCode.NotFound, refusal.Code);
        Assert.Contains("nobody", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await stranger.Grain.GetAsync(TestContext.Current.CancellationToken));

        var homeless = host.Silo.NewRun(Reply.CallingThenDone(), tenant: TenantId.Parse("nowhere"));
        refusal = await Assert.ThrowsAsync<AgentRuntimeException>(homeless.StartAsync);
        Assert.Equal(ErrorCode.NotFound, refusal.Code);
        Assert.Contains("nowhere", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_InputTooLarge_IsRefusedByName()
    {
        var run = host.Silo.NewRun(Reply.CallingThenDone());
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => run.Grain.StartAsync(run.Command with { Input = new string('ü', 600_000) }, TestContext.Current.CancellationToken));
        Assert.Equal("input", refusal.Field);
        Assert.Empty(await run.EntriesAsync());
    }

    [Fact]
    public async Task Start_AfterTheAgentIsDeleted_StillAnswersItsOwnRequest()
    {
        var agent = await host.Silo.AddAgentAsync();
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Look), agent: agent);
        await run.EndAsync();
        await run.AsleepAsync();
        await host.Silo.Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(RunCast.Tenant, AgentId.Parse(agent))).DeleteAsync(RunCast.Author, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("done", (await run.StartAsync()).Output);
    }
}
