using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.Recovery;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>A silo stops, or falls silent in the middle as if it were killed, and another one starts on its folder.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private readonly RunScripts _scripts = new();
    private readonly FaultyStore _store = new();
    private RunSilo _first = null!;
    private RunSilo? _second;

    public async ValueTask InitializeAsync()
    {
        _first = await RunSilo.StartAsync(_folder.Path, _scripts, _store.Equip);
        await _first.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        if (_second is not null) await _second.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Stop_DuringACall_IsHandedOverAtTheStepBoundary()
    {
        var called = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var run = await _first.RunAsync(Reply.CallingThenDone(RunCast.Once, RunCast.Put), async (_, _) =>
        {
            called.TrySetResult();
            await gate.Task;
            return Result.Ok;
        });
        await called.Task.InTimeAsync();
        _first.BeginStop();
        gate.SetResult();
        await run.WaitForAsync<ToolReturned>();
        await Eventually.TrueAsync(async () => (await run.RowAsync()).Owner is null, "the run is handed over");
        await _first.DisposeAsync();

        var records = await GoOnAsync(run);
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Empty(records.OfType<AttemptLost>());
        Assert.Empty(records.OfType<ApprovalRequested>());
        Assert.Equal(2, run.Invocations.Count);
    }

    [Fact]
    public async Task ForkThatBeginsWithItsEnd_IsClosedByItsFirstAppend()
    {
        var agent = await _first.AddAgentAsync(new RunLimits { MaxFanOut = 1 });
        var parent = await _first.RunAsync(_ => Task.FromResult(Reply.Calls((RunCast.Put, 1), (RunCast.Put, 2))), agent: agent);
        await parent.EndAsync();
        _store.BeforeRow = _ => FaultyStore.Silence();

        var fork = await parent.ForkAsync(atSeq: 1, live: true);

        Assert.Equal((RunStatus.Failed, OpenState.Closed), ((await fork.RowAsync()).Status, (await fork.RowAsync()).State));
        await KillAsync();
    }

    [Fact]
    public async Task EndedRunWithAnOpenRow_IsClosedByWhoeverIsWokenForIt()
    {
        var tenant = TenantId.Parse("small");
        await _first.SetUpAsync(tenant, maxOpenRuns: 1);
        // What programs before this one wrote of a fork that began with its end.
        _store.Instead = append => append.ExpectedSeq == 0 ? append : append with { Row = null };
        var run = _first.NewRun(Reply.CallingThenDone(), tenant: tenant);
        await run.StartAsync();
        await run.EndAsync();
        Assert.NotEqual(OpenState.Closed, (await run.RowAsync()).State);
        await KillAsync();

        _second = await RunSilo.StartAsync(_folder.Path, _scripts);
        var found = run.On(_second);
        await Eventually.TrueAsync(async () => (await found.RowAsync()).State == OpenState.Closed, "the row is closed");

        var row = await found.RowAsync();
        Assert.Equal((RunStatus.Completed, null, (await found.ViewAsync()).EndedAt), (row.Status, row.Owner, row.EndedAt));
        await found.RequireChainAsync();
        Assert.Single(await found.RecordsAsync(), record => record is RunCompleted);
        Assert.Empty(await _second.Get<IOpenRunIndex>().FindOrphansAsync([], PollerShare.Whole, 10, CancellationToken.None));
        await (await found.ForkAsync(atSeq: 0, live: false)).EndAsync();
    }

    [Fact]
    public async Task Kill_DuringAModelCall_RecordsTheLostAttemptAndAsksAgain()
    {
        var asked = new TaskCompletionSource();
        var calls = 0;
        var run = await _first.RunAsync(turn =>
        {
            if (Interlocked.Increment(ref calls) > 1) return Task.FromResult(Reply.Text("done"));
            asked.SetResult();
            return Reply.Never(turn.Cancellation);
        });
        await asked.Task.InTimeAsync();
        await KillAsync();

        var records = await GoOnAsync(run);
        var lost = records.OfType<AttemptLost>().Single();
        Assert.Equal((1, null, 1), (lost.Step, lost.Call, lost.Attempt));
        Assert.NotEqual(lost.PreviousOwner, lost.Owner);
        Assert.Equal(2, records.OfType<ModelReplied>().Single().Attempt);
        Assert.IsType<RunCompleted>(records[^1]);
    }

    [Fact]
    public async Task Kill_CommandArrivesBeforeThePoller_StillRecordsTheLostAttempt()
    {
        var asked = new TaskCompletionSource();
        var calls = 0;
        var run = await _first.RunAsync(turn =>
        {
            if (Interlocked.Increment(ref calls) > 1) return Task.FromResult(Reply.Text("done"));
            asked.SetResult();
            return Reply.Never(turn.Cancellation);
        });
        await asked.Task.InTimeAsync();
        await KillAsync();

        _second = await RunSilo.StartAsync(_folder.Path, _scripts, services =>
            services.Remove(services.Single(service => service.ImplementationType == typeof(RunPoller))));
        run = run.On(_second);
        await run.SendAsync("still there?", "send-1");
        var records = await run.EndAsync();
        Assert.Equal([typeof(RunStarted), typeof(AttemptLost), typeof(InputReceived), typeof(ModelReplied), typeof(RunCompleted)], records.Select(record => record.GetType()));
        await run.RequireChainAsync();
    }

    [Theory]
    [InlineData("in the call")]
    [InlineData("after the effect")]
    public async Task Kill_AroundAnIdempotentCall_MakesItAgainWithTheSameKey(string moment)
    {
        var dies = DieAt(moment, out var script);
        var run = await _first.RunAsync(Reply.CallingThenDone(RunCast.Put), script);
        await dies.InTimeAsync();
        await KillAsync();

        var records = await GoOnAsync(run);
        Assert.Equal([1, 2], run.Invocations.Select(invocation => invocation.Attempt));
        Assert.Single(run.Invocations.Select(invocation => invocation.IdempotencyKey).Distinct());
        Assert.Equal((1, 0, 1), (records.OfType<AttemptLost>().Single().Step, records.OfType<AttemptLost>().Single().Call, records.OfType<AttemptLost>().Single().Attempt));
        Assert.IsType<RunCompleted>(records[^1]);
    }

    [Theory]
    [InlineData("in the call")]
    [InlineData("after the effect")]
    public async Task Kill_AroundAnAtMostOnceCall_AsksAPersonAndDoesNotRepeatIt(string moment)
    {
        var dies = DieAt(moment, out var script);
        var run = await _first.RunAsync(Reply.CallingThenDone(RunCast.Once), script);
        await dies.InTimeAsync();
        await KillAsync();

        _second = await RunSilo.StartAsync(_folder.Path, _scripts);
        run = run.On(_second);
        var approval = await run.AskedAsync();
        Assert.Equal(ApprovalKind.Resolve, (await run.InboxAsync(approval)).Kind);
        await run.AsleepAsync();
        Assert.Single(run.Invocations);
        await run.DecideAsync(approval, ApprovalVerdict.Happened, RunCast.Approver("alice"), "\"it was paid\"");
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Single(run.Invocations);
        Assert.Equal("\"it was paid\"", records.OfType<ToolReturned>().Single().Result);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Kill_WhileARunWaits_LosesNeitherTheQuestionNorTheCriticalRule()
    {
        var run = await _first.RunAsync(Reply.CallingThenDone(RunCast.Launch));
        var approval = await run.AskedAsync();
        await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        await KillAsync();

        _second = await RunSilo.StartAsync(_folder.Path, _scripts);
        run = run.On(_second);
        Assert.Equal(RunStatus.WaitingForApproval, (await run.ViewAsync()).Status);
        Assert.Empty(run.Invocations);
        Assert.Equal(ApprovalState.Approved, (await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("bob"))).State);
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Single(run.Invocations);
    }

    [Fact]
    public async Task Kill_AfterPauseAndCancelAreAcknowledged_TheyHold()
    {
        var paused = await _first.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        var cancelled = await _first.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        await paused.AskedAsync();
        await cancelled.AskedAsync();
        await paused.ControlAsync(RunControl.Pause);
        _store.BeforeAppend = append => FaultyStore.Has(append, "run.cancelled") ? FaultyStore.Silence() : Task.CompletedTask;
        await cancelled.ControlAsync(RunControl.Cancel);
        await KillAsync();

        Assert.IsType<RunCancelled>((await GoOnAsync(cancelled))[^1]);
        Assert.Equal(RunStatus.Paused, (await paused.On(_second!).ViewAsync()).Status);
    }

    [Fact]
    public async Task Kill_LongRun_ComesBackFromItsSnapshotWithTheSameWindow()
    {
        // The last step ends where a snapshot is due, so that most of the window lies before it.
        const int steps = 768;
        var agent = await _first.AddAgentAsync(new RunLimits { MaxSteps = 1_000, MaxToolCalls = 1_000 }, new ContextWindow { LastTurns = 4 }, RunCast.Look);
        var made = 0;
        var shown = new List<string>();
        var run = await _first.RunAsync(
            turn =>
            {
                Assert.InRange(turn.Messages.Count, 2, 2 + 2 * 4);
                if (made < steps) return Task.FromResult(Reply.Call(RunCast.Look, ++made));
                shown.Add(string.Join('\n', turn.Messages.Select(Describe)));
                return Task.FromResult(turn.Messages[^1].Text == "go on" ? Reply.Text("done") : Reply.HandOver("Go on?"));
            },
            (invocation, _) => new(Result.Json($"\"result {invocation.IdempotencyKey}\"")),
            agent);
        await Eventually.TrueAsync(async () => (await run.RowAsync()).Status == RunStatus.WaitingForInput, "the run waits for input");
        var before = await run.ViewAsync();
        await KillAsync();

        _second = await RunSilo.StartAsync(_folder.Path, _scripts);
        run = run.On(_second);
        var loaded = (await _second.Journal.LoadAsync(run.Key, CancellationToken.None))!;
        Assert.Equal(2 * steps, loaded.SnapshotSeq);
        Assert.InRange(loaded.Snapshot!.Length, 1, 2_000);
        Assert.Equal(before, await run.ViewAsync());
        await run.SendAsync("go on", "send-1");
        var records = await run.EndAsync();
        Assert.Equal(2 * steps + 5, records.Count);
        Assert.Equal(steps + 2, (await run.ViewAsync()).Steps);

        // The window has moved on by two turns: the question and the answer to it.
        var expected = shown[0].Split('\n');
        var actual = shown[1].Split('\n');
        Assert.Equal([.. expected[..2], .. expected[6..], "assistant: Go on?", "user: go on"], actual);
        await run.RequireChainAsync();
    }

    private static string Describe(Microsoft.Extensions.AI.ChatMessage message) => $"{message.Role}: " + string.Join(' ', message.Contents.Select(content => content switch
    {
        Microsoft.Extensions.AI.FunctionCallContent call => $"calls {call.Name} {call.Arguments!["n"]}",
        Microsoft.Extensions.AI.FunctionResultContent result => $"got {result.Result}",
        _ => content.ToString(),
    }));

    /// <summary>A first attempt that never comes to an end that anyone knows, and what completes once it is at that point.</summary>
    private Task DieAt(string moment, out ToolScript script)
    {
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (moment == "after the effect")
        {
            _store.BeforeAppend = append =>
            {
                if (!FaultyStore.Has(append, "tool.returned")) return Task.CompletedTask;
                there.TrySetResult();
                return FaultyStore.Silence();
            };
            script = (_, _) => new(Result.Ok);
        }
        else
        {
            script = (invocation, _) =>
            {
                if (invocation.Attempt > 1) return new(Result.Ok);
                there.TrySetResult();
                return Result.Never();
            };
        }

        return there.Task;
    }

    /// <summary>The first silo writes nothing any more, then it is gone.</summary>
    private async Task KillAsync()
    {
        _store.Die();
        await _first.AbortAsync();
    }

    private async Task<IReadOnlyList<RunRecord>> GoOnAsync(TestRun run)
    {
        _second = await RunSilo.StartAsync(_folder.Path, _scripts);
        var records = await run.On(_second).EndAsync();
        await run.On(_second).RequireChainAsync();
        return records;
    }
}
