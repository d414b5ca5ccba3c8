using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;
using Microsoft.Extensions.Hosting;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Runs on a silo whose store fails. Each test has the silo for itself, because a fault meets every run.</summary>
public sealed class StoreFaultTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private readonly FaultyStore _store = new();
    private RunSilo _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _silo = await RunSilo.StartAsync(_folder.Path, new RunScripts(), _store.Equip);
        await _silo.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(RunCast.Put)]
    [InlineData(RunCast.Once)]
    public async Task Append_FailsForAWhileAfterACall_KeepsTheOutcomeAndDoesNotCallAgain(string tool)
    {
        var failures = 0;
        _store.BeforeAppend = append => FaultyStore.Has(append, "tool.returned") && ++failures <= 3 ? throw FaultyStore.Full : Task.CompletedTask;
        var run = await _silo.RunAsync(Reply.CallingThenDone(tool));
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Single(run.Invocations);
        Assert.Empty(records.OfType<AttemptLost>());
        Assert.Empty(records.OfType<ApprovalRequested>());
        Assert.Equal(4, failures);
        await run.RequireChainAsync();
    }

    [Theory]
    [InlineData(RunCast.Put)]
    [InlineData(RunCast.Once)]
    public async Task Artifacts_FailForAWhileAfterACall_KeepTheOutcomeAndDoNotCallAgain(string tool)
    {
        var failures = 0;
        _store.BeforePut = () => ++failures <= 3 ? throw FaultyStore.Full : Task.CompletedTask;
        var large = $"\"{new string('x', 200_000)}\"";
        var run = await _silo.RunAsync(Reply.CallingThenDone(tool), (_, _) => new(Result.Json(large)));
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal(large, records.OfType<ToolReturned>().Single().Result);
        Assert.Single(run.Invocations);
        Assert.Empty(records.OfType<AttemptLost>());
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Append_FailsAfterAModelAnswered_DoesNotAskItAgain()
    {
        var failures = 0;
        var asked = 0;
        _store.BeforeAppend = append => FaultyStore.Has(append, "model.replied") && ++failures <= 3 ? throw FaultyStore.Full : Task.CompletedTask;
        var run = await _silo.RunAsync(_ =>
        {
            asked++;
            return Task.FromResult(Reply.Text("done"));
        });
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Equal(1, asked);
    }

    // Whatever throws so each time, in the decider or below it: the model would be asked, and paid, for ever.
    [Fact]
    public async Task Append_FaultThatComesBackEachTime_EndsTheRunWithATraceId()
    {
        var asked = 0;
        _store.BeforeAppend = append => FaultyStore.Has(append, "model.replied") ? throw new ArgumentOutOfRangeException(nameof(append)) : Task.CompletedTask;
        var run = await _silo.RunAsync(_ =>
        {
            asked++;
            return Task.FromResult(Reply.Text("done"));
        });

        var failed = Assert.IsType<RunFailed>((await run.EndAsync())[^1]);

        Assert.Equal((ErrorCode.Internal, FaultStreak.MaxEqual), (failed.Code, asked));
        Assert.Matches("trace id [0-9a-f]{32} ", failed.Message);
        Assert.DoesNotContain("append", failed.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, (await run.ViewAsync()).Status);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Append_FailsForAWhile_CommandsAreToldInsteadOfWaiting()
    {
        var failing = new TaskCompletionSource();
        _store.BeforeAppend = append =>
        {
            if (!FaultyStore.Has(append, "tool.returned")) return Task.CompletedTask;
            failing.TrySetResult();
            throw FaultyStore.Full;
        };
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Put));
        await failing.Task.InTimeAsync();
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(run.ViewAsync);
        Assert.Equal(ErrorCode.StorageExhausted, refusal.Code);
        Assert.True(refusal.IsTransient);

        _store.BeforeAppend = _ => Task.CompletedTask;
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Single(run.Invocations);
    }

    [Fact]
    public async Task Start_WhileTheStoreFails_IsRefusedAndNotHalfThere()
    {
        _store.BeforeAppend = _ => throw FaultyStore.Full;
        var run = _silo.NewRun(Reply.CallingThenDone(RunCast.Look));
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(run.StartAsync);
        Assert.Equal(ErrorCode.StorageExhausted, refusal.Code);
        Assert.Null(await run.Grain.GetAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await run.EntriesAsync());

        _store.BeforeAppend = _ => Task.CompletedTask;
        await run.StartAsync();
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
    }

    [Fact]
    public async Task Command_WhileTheStoreFails_IsRefusedAndChangesNothing()
    {
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        await run.AskedAsync();
        await run.AsleepAsync();
        _store.BeforeAppend = _ => throw FaultyStore.Full;
        await Assert.ThrowsAsync<AgentRuntimeException>(() => run.ControlAsync(RunControl.Pause));
        Assert.Equal(RunStatus.WaitingForApproval, (await run.ViewAsync()).Status);
        _store.BeforeAppend = _ => Task.CompletedTask;
        Assert.Equal(RunStatus.Paused, (await run.ControlAsync(RunControl.Pause)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(RunCast.Put)]
    [InlineData(RunCast.Once)]
    public async Task Load_FailsWhenACallAnswers_KeepsTheOutcomeAndDoesNotCallAgain(string? tool)
    {
        var called = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var asked = 0;
        var run = await _silo.RunAsync(
            async turn =>
            {
                if (tool is not null) return await Reply.CallingThenDone(tool)(turn);
                asked++;
                called.SetResult();
                await gate.Task.WaitAsync(turn.Cancellation);
                return Reply.Text("done");
            },
            async (_, stop) =>
            {
                called.SetResult();
                await gate.Task.WaitAsync(stop);
                return Result.Ok;
            });
        await called.Task.InTimeAsync();
        var failures = 0;
        var failedAgain = new TaskCompletionSource();
        _store.BeforeAppend = _ => throw FaultyStore.Full;
        _store.BeforeLoad = _ =>
        {
            if (++failures == 3) failedAgain.SetResult();
            throw FaultyStore.Full;
        };
        await Assert.ThrowsAsync<AgentRuntimeException>(() => run.SendAsync("more", "send-1"));
        gate.SetResult();
        await failedAgain.Task.InTimeAsync();
        _store.BeforeAppend = _ => Task.CompletedTask;
        _store.BeforeLoad = _ => Task.CompletedTask;
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal(tool is null ? 1 : 0, asked);
        Assert.Equal(tool is null ? 0 : 1, run.Invocations.Count);
        Assert.Empty(records.OfType<AttemptLost>());
        Assert.Empty(records.OfType<ApprovalRequested>());
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Start_AnswerOfTheStoreIsLostAndItsCallerLeaves_IsDrivenAtOnce()
    {
        using var caller = new CancellationTokenSource();
        _store.AfterAppend = append =>
        {
            if (!FaultyStore.Has(append, "run.started")) return Task.CompletedTask;
            caller.Cancel();
            throw new AgentRuntimeException(ErrorCode.Unavailable, "The run store does not answer.", isTransient: true);
        };
        // A load for the caller goes on only once it is known that the caller has left.
        var loads = 0;
        _store.BeforeLoad = async loading =>
        {
            loads++;
            if (!caller.IsCancellationRequested || !loading.CanBeCanceled) return;
            var left = new TaskCompletionSource();
            await using var registration = loading.Register(left.SetResult);
            await left.Task;
        };
        var run = _silo.NewRun(Reply.CallingThenDone(RunCast.Look));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Grain.StartAsync(run.Command, caller.Token));

        await run.WaitForAsync<RunCompleted>();
        Assert.Single(run.Invocations);
        // Whatever finds it later would load it again.
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task Decide_AgainInALongRun_ReadsTheRecordsSinceAndNoMore()
    {
        var agent = await _silo.AddAgentAsync(new RunLimits { MaxFanOut = 64 });
        var run = await _silo.RunAsync(
            turn => Task.FromResult(turn.Step switch
            {
                1 or 6 => Reply.Call(RunCast.Pay, turn.Step),
                < 6 => Reply.Calls([.. Enumerable.Range(0, 64).Select(i => (RunCast.Look, (object?)i))]),
                _ => Reply.Text("done"),
            }),
            agent: agent);
        var first = await run.AskedAsync();
        await run.DecideAsync(first, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        var second = await run.AskedAsync(2);
        await run.DecideAsync(second, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        var records = (await run.EndAsync()).Count;
        Assert.True(records > 2 * EarlierDecision.RecordsPerRead, $"{records} records make no long run.");
        await run.AsleepAsync();
        await run.ViewAsync();
        var read = 0;
        _store.AfterRead = count => read += count;

        Assert.Equal(ApprovalState.Approved, (await run.DecideAsync(second, ApprovalVerdict.Approve, RunCast.Approver("alice"))).State);
        Assert.InRange(read, 1, EarlierDecision.RecordsPerRead);
        Assert.Equal(ApprovalState.Approved, (await run.DecideAsync(first, ApprovalVerdict.Approve, RunCast.Approver("alice"))).State);

        // The inbox shows that it was approved: nobody has denied it.
        read = 0;
        await Assert.ThrowsAsync<AgentRuntimeException>(() => run.DecideAsync(second, ApprovalVerdict.Deny, RunCast.Approver("alice")));
        Assert.Equal(0, read);
    }

    [Fact]
    public async Task HandOver_CommandArrivesInTheMiddle_IsAnswered()
    {
        var called = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var handingOver = new TaskCompletionSource();
        var handOver = new TaskCompletionSource();
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Put), async (_, _) =>
        {
            called.SetResult();
            await gate.Task;
            return Result.Ok;
        });
        await called.Task.InTimeAsync();
        _store.BeforeRow = _ =>
        {
            handingOver.TrySetResult();
            return handOver.Task;
        };
        _silo.Get<IHostApplicationLifetime>().StopApplication();
        gate.SetResult();
        await handingOver.Task.InTimeAsync();
        var view = run.ViewAsync();
        handOver.SetResult();
        Assert.Equal(RunStatus.Running, (await view).Status);
        Assert.Null((await run.RowAsync()).Owner);
    }

    [Fact]
    public async Task ErasedRecord_IsToldByNumber()
    {
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        await run.EndAsync();
        await run.AsleepAsync();
        Assert.True(await _silo.Journal.EraseAsync(run.Key, 2));
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(run.ViewAsync);
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("record 2 was erased", refusal.Message, StringComparison.Ordinal);
        await run.RequireChainAsync();
    }
}
