using AgentRuntime.Approvals;
using AgentRuntime.AwsStore;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Hosting.Commands;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Aws.Tests.AwsStore.Restore;

/// <summary>Tables that were restored while the cluster they were taken from goes on. On DynamoDB Local.</summary>
public sealed class TableRestorerTests(AwsStandIn aws, S3StandIn s3) : IAsyncLifetime
{
    private readonly ScratchFolder _place = new();
    private readonly RunScripts _scripts = new();
    private readonly List<RunSilo> _silos = [];
    private RestoredCopy _tables = null!;
    private RunSilo _first = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _tables = await RestoredCopy.CreateAsync(aws, s3);
        _first = await StartAsync(_tables);
        await _first.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        _place.Dispose();
    }

    [Fact]
    public async Task Start_OnRestoredTables_IsRefusedUntilTheyAreTakenOver()
    {
        var copy = await _tables.CopyAsync();
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => StartAsync(copy));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("silo -- restore --store aws", refusal.Message, StringComparison.Ordinal);

        var restored = await RestoreAsync(copy);
        Assert.NotEqual((await _tables.PlaceAsync()).Identity.ClusterId, restored.Cluster);
        await StartAsync(copy);

        var again = await Assert.ThrowsAsync<AgentRuntimeException>(() => RestoreAsync(copy));
        Assert.Equal(ErrorCode.FailedPrecondition, again.Code);
        Assert.Contains(restored.Cluster, again.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "--as-of is missing")]
    [InlineData(1, "in the future")]
    public async Task Restore_PointInTimeThatNobodyKnows_IsRefused(int? days, string why)
    {
        var copy = await _tables.CopyAsync();
        var store = AwsPlace.Read(await copy.ConfigurationAsync());
        DateTimeOffset? asOf = days is { } ahead ? TimeProvider.System.GetUtcNow().AddDays(ahead) : null;
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => TableRestorer.RestoreAsync(store, asOf, null, TimeProvider.System, new Progress<WorkStep>(), Stop));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.True((await copy.PlaceAsync()).IsRestored);
    }

    [Fact]
    public async Task Restore_OpenRunsAtEveryPoint_ArePausedUntilAPersonLetsThem()
    {
        var runs = new[]
        {
            await _first.RunAsync(Reply.CallingThenDone(RunCast.PayOnce)),
            await _first.RunAsync(Reply.CallingThenDone(RunCast.Once), (_, _) => Result.Never()),
            await _first.RunAsync(_ => Task.FromResult(Reply.HandOver("What next?"))),
            await _first.RunAsync(_ => Task.FromResult(Reply.HandOver("What next?"))),
            await _first.RunAsync(turn => Reply.Never(turn.Cancellation)),
        };
        var ended = await _first.RunAsync(Reply.CallingThenDone(RunCast.Look));
        await ended.EndAsync();
        await runs[0].AskedAsync();
        await runs[1].WaitForAsync<ToolStarted>();
        foreach (var waiting in runs[2..4]) await Eventually.TrueAsync(async () => (await waiting.RowAsync()).Status == RunStatus.WaitingForInput, "the run waits for input");
        await runs[3].ControlAsync(RunControl.Pause);
        var copy = await _tables.CopyAsync();

        Assert.Equal(runs.Length, (await RestoreAsync(copy)).PausedRuns);

        // What a restore has paused waits for nobody knows how long, and is found by the next one, too.
        Assert.Equal(runs.Length, (await RestoreAsync(await copy.CopyAsync())).PausedRuns);

        var second = await StartAsync(copy);
        foreach (var run in runs.Select(run => run.On(second)))
        {
            var view = await run.ViewAsync();
            Assert.Equal((RunStatus.Paused, "restored"), (view.Status, view.Message));
            Assert.Equal([typeof(RunRestored), typeof(RunPaused)], (await run.RecordsAsync()).TakeLast(2).Select(record => record.GetType()));
            await run.RequireChainAsync();
        }

        Assert.Equal(RunStatus.Completed, (await ended.On(second).ViewAsync()).Status);
        Assert.Equal(runs.Length, (await second.Get<Runs.Index.IRunCatalog>().CountAsync(RunCast.Tenant, Stop))[RunStatus.Paused]);
        Assert.Empty(runs[0].Invocations);
        Assert.Single(runs[1].Invocations);
    }

    [Fact]
    public async Task Resume_CallThatTheOtherClusterMadeSince_IsAskedForAndNotMadeTwice()
    {
        var run = await _first.RunAsync(Reply.CallingThenDone(RunCast.PayOnce));
        var approval = await run.AskedAsync();
        var copy = await _tables.CopyAsync();
        await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        await run.EndAsync();
        Assert.Single(run.Invocations);

        await RestoreAsync(copy);
        var restored = run.On(await StartAsync(copy));
        await restored.ControlAsync(RunControl.Resume);
        await restored.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        var question = await restored.AskedAsync(2);
        Assert.Equal(ApprovalKind.Resolve, (await restored.InboxAsync(question)).Kind);
        await restored.DecideAsync(question, ApprovalVerdict.Happened, RunCast.Approver("alice"), "\"paid\"");

        Assert.Equal("\"paid\"", (await restored.EndAsync()).OfType<ToolReturned>().Single().Result);
        Assert.Single(run.Invocations);
        await restored.RequireChainAsync();
    }

    private async Task<RunSilo> StartAsync(RestoredCopy tables)
    {
        var silo = await RunSilo.StartAsync(_place.At($"silo-{_silos.Count}"), _scripts, settings: await tables.ConfigurationAsync());
        _silos.Add(silo);
        return silo;
    }

    private static async Task<TableRestore> RestoreAsync(RestoredCopy copy) => await TableRestorer.RestoreAsync(
        AwsPlace.Read(await copy.ConfigurationAsync()), TimeProvider.System.GetUtcNow(), clusterId: null, TimeProvider.System, new Progress<WorkStep>(), Stop);
}
