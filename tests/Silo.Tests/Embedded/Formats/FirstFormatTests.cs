using AgentRuntime.Approvals;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Formats;

/// <summary>This version serves a folder of the first format as it is, and leaves it what it was: the first version can have it back.</summary>
public sealed class FirstFormatTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private RunSilo _silo = null!;

    public async ValueTask InitializeAsync()
    {
        FirstFormat.Unpack(_folder.Path);
        _silo = await RunSilo.StartAsync(_folder.Path, new RunScripts());
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Open_EveryRun_IsReadWithItsChain()
    {
        foreach (var request in FirstFormat.Requests)
        {
            var run = Run(request);
            await run.RequireChainAsync();
            Assert.IsType<RunStarted>((await run.RecordsAsync())[0]);
            Assert.Equal(run.Key.Run, (await run.ViewAsync()).Run);
        }

        var results = (await Run(FirstFormat.Completed).RecordsAsync()).OfType<ToolReturned>();
        Assert.Equal([200_002, 200_002], results.Select(returned => returned.Result.Length));
        var catalog = _silo.Get<AgentRuntime.Runs.Index.IRunCatalog>();
        Assert.Equal(5, (await catalog.ListAsync(RunCast.Tenant, new AgentRuntime.Runs.Index.RunQuery(10), CancellationToken.None)).Runs.Count);
        Assert.Equal(1, (await catalog.CountAsync(RunCast.Tenant, CancellationToken.None))[RunStatus.Completed]);
    }

    [Fact]
    public async Task Open_OpenRuns_GoOnToTheirEnd()
    {
        var (asked, paused, input, unknown) = (
            Run(FirstFormat.Asked, RunCast.Pay), Run(FirstFormat.Paused, RunCast.PayOnce), Run(FirstFormat.WaitsForInput), Run(FirstFormat.Unknown, RunCast.Once));

        await asked.DecideAsync(await asked.AskedAsync(), ApprovalVerdict.Approve, RunCast.Approver("alice"));
        await paused.DecideAsync(await paused.AskedAsync(), ApprovalVerdict.Approve, RunCast.Approver("alice"));
        Assert.Equal(RunStatus.Paused, (await paused.ViewAsync()).Status);
        await paused.ControlAsync(RunControl.Resume);
        await input.SendAsync("go on", "send-1");
        var outcome = await unknown.AskedAsync();
        Assert.Equal(ApprovalKind.Resolve, (await unknown.InboxAsync(outcome)).Kind);
        await unknown.DecideAsync(outcome, ApprovalVerdict.Happened, RunCast.Approver("alice"), "\"paid\"");

        foreach (var run in new[] { asked, paused, input, unknown })
        {
            Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
            await run.RequireChainAsync();
        }

        Assert.Equal((1, 1, 0), (asked.Invocations.Count, paused.Invocations.Count, unknown.Invocations.Count));
    }

    [Fact]
    public async Task Open_NewRunsAndErasures_LeaveTheFormatsAsTheyWere()
    {
        // The requests of the folder come first, so that this run has one of its own.
        for (var i = 0; i < FirstFormat.Requests.Count; i++) _silo.NewRun(Reply.CallingThenDone());
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Look), agent: "agent-1");
        await run.EndAsync();
        Assert.True(await _silo.Journal.EraseAsync(run.Key, 2));
        Assert.Null((await run.EntriesAsync())[2].Seal);
        await run.RequireChainAsync();

        var folder = await DataFolder.OpenExistingAsync(_folder.Path, TimeProvider.System, CancellationToken.None);
        Assert.Equal(1, folder.Format.Format);
        using var journal = AgentRuntime.Embedded.Journal.RawConnection.Open(_folder.At("journal.db"), readOnly: true);
        Assert.Equal(1, journal.QueryNumber("PRAGMA user_version"));
        Assert.Equal(1, journal.QueryNumber("SELECT count(*) FROM records WHERE seal IS NULL"));
    }

    private TestRun Run(string request, params string[] tools)
    {
        var script = tools.Length == 0 ? Reply.CallingThenDone() : Reply.CallingThenDone(tools);
        _silo.Scripts.Set($"input of {RunCast.Tenant}/{request}", script);
        return new TestRun(_silo, FirstFormat.Run(request), new StartRun("agent-1", 0, $"input of {RunCast.Tenant}/{request}", request, RunCast.App));
    }
}
