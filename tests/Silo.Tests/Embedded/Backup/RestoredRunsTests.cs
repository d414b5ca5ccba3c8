using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Embedded.Backup;

/// <summary>Backups that are taken while a silo works, and what the runs do in the folder that is made of them.</summary>
public sealed class RestoredRunsTests : IAsyncLifetime
{
    private static readonly TimeSpan SeveralPolls = TimeSpan.FromSeconds(3);

    private readonly ScratchFolder _place = new();
    private readonly RunScripts _scripts = new();

    // Of what is done next. Never ahead of the system's clock, by which Orleans numbers silos: such a silo takes itself for dead.
    private MovableClock _clock = new();
    private RunSilo _first = null!;
    private RunSilo? _second;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_place.Path);
        _first = await RunSilo.StartAsync(_place.At("first"), _scripts);
        await _first.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        if (_second is not null) await _second.DisposeAsync();
        await _first.DisposeAsync();
        _place.Dispose();
    }

    [Fact]
    public async Task Backup_WhileRunsGoOn_IsSoundAndItsOpenRunsWait()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var lanes = Enumerable.Range(0, 24).Select(lane => LoadAsync(lane, enough.Token)).ToList();
        var backups = new List<BackupManifest>();
        for (var i = 0; i < 3; i++) backups.Add(await TakeAsync($"backup-{i}"));
        await enough.CancelAsync();
        var ended = (await Task.WhenAll(lanes)).Sum();
        Assert.True(backups[2].Contents.Runs > backups[0].Contents.Runs + 10, "No runs went on.");
        Assert.True(backups[1].Contents.OpenRuns > 0, "No run was open.");
        Assert.True(backups[2].Contents.Artifacts > 0, "No run had an artifact.");
        Assert.True(ended > 10);

        await StartSecondAsync("backup-1");
        var catalog = _second!.Get<IRunCatalog>();
        Assert.Equal(backups[1].Contents.OpenRuns, (await catalog.CountAsync(RunCast.Tenant, Stop))[RunStatus.Paused]);
        foreach (var row in (await catalog.ListAsync(RunCast.Tenant, new RunQuery(2_000), Stop)).Runs)
            Assert.True(row.Status is RunStatus.Paused or RunStatus.Completed, $"{row.Key} is {row.Status}");
    }

    [Fact]
    public async Task Restore_OpenRunsAtEveryPoint_DoNothingUntilAPersonLetsThem()
    {
        var blocked = new TaskCompletionSource();
        var runs = new[]
        {
            await _first.RunAsync(Reply.CallingThenDone(RunCast.PayOnce)),
            await _first.RunAsync(Reply.CallingThenDone(RunCast.Pay)),
            await _first.RunAsync(Reply.CallingThenDone(RunCast.Once), (_, _) => Result.Never()),
            await _first.RunAsync(async turn => { await blocked.Task.WaitAsync(Stop); return await Reply.CallingThenDone(RunCast.Put)(turn); }),
            await _first.RunAsync(_ => Task.FromResult(Reply.HandOver("What next?"))),
        };
        foreach (var asked in runs[..2]) await asked.AskedAsync();
        await runs[2].WaitForAsync<ToolStarted>();
        await Eventually.TrueAsync(async () => (await runs[4].RowAsync()).Status == RunStatus.WaitingForInput, "the run waits for input");
        await TakeAsync("backup");
        await StartSecondAsync("backup");
        var before = runs.Sum(run => run.Invocations.Count);
        blocked.SetResult();
        var put = runs[3];
        await put.EndAsync();

        await Task.Delay(SeveralPolls, Stop);

        foreach (var run in runs.Select(run => run.On(_second!)))
        {
            var view = await run.ViewAsync();
            Assert.Equal((RunStatus.Paused, "restored"), (view.Status, view.Message));
            Assert.Equal([typeof(RunRestored), typeof(RunPaused)], (await run.RecordsAsync()).TakeLast(2).Select(record => record.GetType()));
            await run.RequireChainAsync();
        }

        // The one call is that of the folder that went on.
        Assert.Equal(before + 1, runs.Sum(run => run.Invocations.Count));
        await put.On(_second!).ControlAsync(RunControl.Resume);
        await put.On(_second!).EndAsync();
        Assert.Equal(2, put.Invocations.Count);
        Assert.Single(put.Invocations.Select(invocation => invocation.IdempotencyKey).Distinct());
    }

    [Fact]
    public async Task Resume_CallThatTheFirstFolderMadeAfterTheBackup_IsAskedForAndNotMadeTwice()
    {
        var run = await _first.RunAsync(Reply.CallingThenDone(RunCast.PayOnce));
        var approval = await run.AskedAsync();
        await TakeAsync("backup");
        await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        await run.EndAsync();
        Assert.Single(run.Invocations);

        var restored = await ResumeAsync(run);
        await restored.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        await DecideOutcomeAsync(restored, 2, ApprovalVerdict.Happened, "\"paid\"");

        Assert.Equal("\"paid\"", (await restored.EndAsync()).OfType<ToolReturned>().Single().Result);
        Assert.Single(run.Invocations);
        await restored.RequireChainAsync();
    }

    [Fact]
    public async Task Resume_CallThatWasUnderWay_IsAskedForOnceAndMadeWhenAPersonSaysSo()
    {
        var run = await _first.RunAsync(Reply.CallingThenDone(RunCast.Once, RunCast.Once), (invocation, _) => invocation.Attempt == 1 ? Result.Never() : new(Result.Ok));
        await run.WaitForAsync<ToolStarted>();
        await TakeAsync("backup");

        var restored = await ResumeAsync(run);
        await DecideOutcomeAsync(restored, 1, ApprovalVerdict.Retry);
        // The second call is a new one: it, too, may have been made.
        await DecideOutcomeAsync(restored, 2, ApprovalVerdict.DidNotHappen);

        var records = await restored.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal([ToolOutcomeKind.Success, ToolOutcomeKind.Error], records.OfType<ToolReturned>().Select(returned => returned.Outcome));
        Assert.Equal([1, 2], run.Invocations.Select(invocation => invocation.Attempt));
    }

    [Fact]
    public async Task Resume_CriticalCall_NeedsItsTwoPeopleAfterTheQuestion()
    {
        var released = new TaskCompletionSource();
        var run = await _first.RunAsync(async turn =>
        {
            await released.Task.WaitAsync(Stop);
            return await Reply.CallingThenDone(RunCast.Launch)(turn);
        });
        await TakeAsync("backup");
        var restored = await ResumeAsync(run);
        await run.ControlAsync(RunControl.Kill);
        released.SetResult();

        await DecideOutcomeAsync(restored, 1, ApprovalVerdict.Retry);
        var approval = await restored.AskedAsync(2);
        Assert.Equal(ApprovalKind.Call, (await restored.InboxAsync(approval)).Kind);
        await restored.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        Assert.Empty(run.Invocations);
        await restored.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("bob"));
        Assert.IsType<RunCompleted>((await restored.EndAsync())[^1]);
        Assert.Single(run.Invocations);
    }

    [Fact]
    public async Task Resume_BackupOlderThanAnyLimitOfTime_GoesOnWithTheTimeThatWasLeft()
    {
        SetClock(TimeSpan.FromDays(-17));
        await _first.DisposeAsync();
        _first = await RunSilo.StartAsync(_place.At("old"), _scripts, services => services.AddSingleton<TimeProvider>(_clock));
        await _first.SetUpAsync(RunCast.Tenant);
        var agent = await _first.AddAgentAsync(new RunLimits { MaxWallSeconds = 600, ApprovalSeconds = 300 });
        var asked = await _first.RunAsync(Reply.CallingThenDone(RunCast.Pay), agent: agent);
        var approval = await asked.AskedAsync();
        var waits = await _first.RunAsync(turn => Task.FromResult(Reply.HandOver("What next?")), agent: agent);
        await Eventually.TrueAsync(async () => (await waits.RowAsync()).Status == RunStatus.WaitingForInput, "the run waits for input");
        await TakeAsync("backup");

        SetClock(TimeSpan.FromDays(-9));
        await StartSecondAsync("backup");
        await Task.Delay(SeveralPolls, Stop);
        await RestartSecondAsync(TimeSpan.FromDays(-1));
        await Task.Delay(SeveralPolls, Stop);
        foreach (var run in new[] { asked.On(_second!), waits.On(_second!) })
        {
            // Held or not, who looks at it wakes it.
            await run.Grain.WakeAsync();
            Assert.Equal((RunStatus.Paused, "restored"), ((await run.ViewAsync()) is var view ? (view.Status, view.Message) : default));
            await run.ControlAsync(RunControl.Resume);
        }

        var restored = asked.On(_second!);
        Assert.True((await restored.InboxAsync(approval)).ExpiresAt > _clock.GetUtcNow());
        await restored.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        Assert.IsType<RunCompleted>((await restored.EndAsync())[^1]);
        Assert.Single(asked.Invocations);
        Assert.Equal(RunStatus.WaitingForInput, (await waits.On(_second!).ViewAsync()).Status);

        // What was left of its time still ends.
        await RestartSecondAsync(TimeSpan.FromDays(-1) + TimeSpan.FromSeconds(600));
        Assert.Equal("maxWallSeconds", (await waits.On(_second!).EndAsync()).OfType<LimitReached>().Single().Limit);
    }

    /// <summary>Runs one after another until told to stop; the last one is left where it is.</summary>
    private async Task<int> LoadAsync(int lane, CancellationToken enough)
    {
        var ended = 0;
        var large = $"\"{lane}{new string('x', 70_000)}\"";
        while (!enough.IsCancellationRequested)
        {
            var run = await _first.RunAsync(
                Reply.CallingThenDone(RunCast.Look, RunCast.Put, RunCast.Once), (invocation, _) => new(invocation.Tool.Tool.Value == RunCast.Put ? Result.Json(large) : Result.Ok));
            await run.EndAsync();
            ended++;
        }

        return ended;
    }

    private async Task<BackupManifest> TakeAsync(string name) =>
        await new BackupTaker(_first.Get<DataFolder>(), _clock, new Progress<WorkStep>()).TakeAsync(_place.At(name), Stop);

    private async Task StartSecondAsync(string backup)
    {
        await new BackupRestorer(_clock, new Progress<WorkStep>()).RestoreAsync(_place.At(backup), _place.At("second"), Stop);
        await StartSecondAsync();
    }

    private async Task RestartSecondAsync(TimeSpan fromNow)
    {
        await _second!.DisposeAsync();
        SetClock(fromNow);
        await StartSecondAsync();
    }

    private void SetClock(TimeSpan fromNow)
    {
        _clock = new MovableClock();
        _clock.Move(fromNow);
    }

    private async Task StartSecondAsync() =>
        _second = await RunSilo.StartAsync(_place.At("second"), _scripts, services => services.AddSingleton<TimeProvider>(_clock));

    private async Task<TestRun> ResumeAsync(TestRun run)
    {
        await StartSecondAsync("backup");
        var restored = run.On(_second!);
        Assert.Equal(RunStatus.Paused, (await restored.ViewAsync()).Status);
        await restored.ControlAsync(RunControl.Resume);
        return restored;
    }

    private static async Task DecideOutcomeAsync(TestRun run, int count, ApprovalVerdict verdict, string? result = null)
    {
        var question = await run.AskedAsync(count);
        Assert.Equal(ApprovalKind.Resolve, (await run.InboxAsync(question)).Kind);
        await run.DecideAsync(question, verdict, RunCast.Approver("alice"), result);
    }
}
