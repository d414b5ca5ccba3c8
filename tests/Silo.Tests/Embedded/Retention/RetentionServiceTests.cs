using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Retention;
using AgentRuntime.FrontDoor.Runs;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Sessions;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentRuntime.Silo.Tests.Embedded.Retention;

/// <summary>Pruning by a silo that serves.</summary>
public sealed class RetentionServiceTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private RunSilo _silo = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _silo = await RunSilo.StartAsync(_folder.Path, new RunScripts());
        await _silo.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task PruneAsync_EndedRuns_AreShownNoMoreAndTheirChainsHold()
    {
        var ended = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _silo.RunAsync(Reply.CallingThenDone(RunCast.Look))));
        foreach (var run in ended) await run.EndAsync();
        var open = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        await open.AskedAsync();
        await SetRetentionAsync(new RetentionSettings(0, []));

        await NewService().PruneAsync(Stop);

        foreach (var run in ended)
        {
            await run.AsleepAsync();
            Assert.All(await run.EntriesAsync(), entry => Assert.Null(entry.Seal));
            await run.RequireChainAsync();
        }

        // Who asks for the run, or starts it again, is told; who only looks at lists does not see it.
        foreach (var ask in new Func<Task>[]
        {
            () => ended[0].ViewAsync(), ended[0].StartAsync, () => ended[0].ControlAsync(RunControl.Resume), () => ended[0].ForkAsync(2, live: false),
            () => _silo.Get<TranscriptReader>().ReadAsync(ended[0].Key, 5, Stop), () => _silo.Get<RunWatch>().SendAsync(ended[0].Key, 0, false, null!, Stop),
        })
        {
            var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(ask);
            Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
            Assert.Contains("was Completed at", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("retention ended", refusal.Message, StringComparison.Ordinal);
        }

        await ended[0].AsleepAsync();
        var listed = (await _silo.Get<IRunCatalog>().ListAsync(RunCast.Tenant, new RunQuery(100), Stop)).Runs;
        Assert.Equal([open.Key], listed.Select(row => row.Key));
        Assert.Equal(RunStatus.WaitingForApproval, (await open.ViewAsync()).Status);
    }

    [Fact]
    public async Task PruneAsync_AfterOneThatWasKilledBeforeItWasDone_RemovesWhatThatOneLeft()
    {
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        await run.EndAsync();
        await SetRetentionAsync(new RetentionSettings(0, []));
        foreach (var pruner in _silo.Get<ServedPruners>()()) await pruner.RunAsync(100, Stop);
        var mark = _silo.Get<DataFolder>().At(FolderLayout.Unscrubbed);
        Assert.True(File.Exists(mark));
        await NewService().PruneAsync(Stop);
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task PruneAsync_AnotherProcessIsAtIt_LeavesItToThat()
    {
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        await run.EndAsync();
        await SetRetentionAsync(new RetentionSettings(0, []));
        using (_silo.Get<DataFolder>().TryTakeMaintenance()) await NewService().PruneAsync(Stop);
        Assert.All(await run.EntriesAsync(), entry => Assert.NotNull(entry.Seal));
        await NewService().PruneAsync(Stop);
        Assert.All(await run.EntriesAsync(), entry => Assert.Null(entry.Seal));
    }

    [Fact]
    public async Task PruneAsync_ClassThatTheAgentDoesNotHave_LeavesItsRuns()
    {
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        await run.EndAsync();
        await SetRetentionAsync(new RetentionSettings(null, [new("customer", 0)]));
        await NewService().PruneAsync(Stop);
        Assert.All(await run.EntriesAsync(), entry => Assert.NotNull(entry.Seal));
    }

    private RetentionService NewService() =>
        new(_silo.Get<DataFolder>(), _silo.Get<ServedPruners>(), TimeProvider.System, NullLogger<RetentionService>.Instance);

    private async Task SetRetentionAsync(RetentionSettings retention)
    {
        var tenant = _silo.Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(RunCast.Tenant));
        await tenant.UpdateAsync((await tenant.GetAsync())!.Settings with { Retention = retention }, etag: null);
    }
}
