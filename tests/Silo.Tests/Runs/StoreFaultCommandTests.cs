using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;
using Microsoft.Extensions.Hosting;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Whoever asks something of a run is told that the store fails, and pays for no more than must be read.</summary>
public sealed class StoreFaultCommandTests : FaultyStoreTests
{
    [Fact]
    public async Task Append_FailsForAWhile_CommandsAreToldInsteadOfWaiting()
    {
        var failing = new TaskCompletionSource();
        Store.BeforeAppend = append =>
        {
            if (!FaultyStore.Has(append, "tool.returned")) return Task.CompletedTask;
            failing.TrySetResult();
            throw FaultyStore.Full;
        };
        var run = await Silo.RunAsync(Reply.CallingThenDone(RunCast.Put));
        await failing.Task.InTimeAsync();
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(run.ViewAsync);
        Assert.Equal(ErrorCode.StorageExhausted, refusal.Code);
        Assert.True(refusal.IsTransient);

        Store.BeforeAppend = _ => Task.CompletedTask;
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Single(run.Invocations);
    }

    [Fact]
    public async Task Start_WhileTheStoreFails_IsRefusedAndNotHalfThere()
    {
        Store.BeforeAppend = _ => throw FaultyStore.Full;
        var run = Silo.NewRun(Reply.CallingThenDone(RunCast.Look));
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(run.StartAsync);
        Assert.Equal(ErrorCode.StorageExhausted, refusal.Code);
        Assert.Null(await run.Grain.GetAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await run.EntriesAsync());

        Store.BeforeAppend = _ => Task.CompletedTask;
        await run.StartAsync();
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
    }

    [Fact]
    public async Task Command_WhileTheStoreFails_IsRefusedAndChangesNothing()
    {
        var run = await Silo.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        await run.AskedAsync();
        await run.AsleepAsync();
        Store.BeforeAppend = _ => throw FaultyStore.Full;
        await Assert.ThrowsAsync<AgentRuntimeException>(() => run.ControlAsync(RunControl.Pause));
        Assert.Equal(RunStatus.WaitingForApproval, (await run.ViewAsync()).Status);
        Store.BeforeAppend = _ => Task.CompletedTask;
        Assert.Equal(RunStatus.Paused, (await run.ControlAsync(RunControl.Pause)).Status);
    }

    [Fact]
    public async Task Start_AnswerOfTheStoreIsLostAndItsCallerLeaves_IsDrivenAtOnce()
    {
        using var caller = new CancellationTokenSource();
        Store.AfterAppend = append =>
        {
            if (!FaultyStore.Has(append, "run.started")) return Task.CompletedTask;
            caller.Cancel();
            throw new AgentRuntimeException(ErrorCode.Unavailable, "The run store does not answer.", isTransient: true);
        };
        // A load for the caller goes on only once it is known that the caller has left.
        var loads = 0;
        Store.BeforeLoad = async loading =>
        {
            loads++;
            if (!caller.IsCancellationRequested || !loading.CanBeCanceled) return;
            var left = new TaskCompletionSource();
            await using var registration = loading.Register(left.SetResult);
            await left.Task;
        };
        var run = Silo.NewRun(Reply.CallingThenDone(RunCast.Look));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Grain.StartAsync(run.Command, caller.Token));

        await run.WaitForAsync<RunCompleted>();
        Assert.Single(run.Invocations);
        // Whatever finds it later would load it again.
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task Decide_AgainInALongRun_ReadsTheRecordsSinceAndNoMore()
    {
        var agent = await Silo.AddAgentAsync(new RunLimits { MaxFanOut = 64 });
        var run = await Silo.RunAsync(
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
        Store.AfterRead = count => read += count;

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
        var run = await Silo.RunAsync(Reply.CallingThenDone(RunCast.Put), async (_, _) =>
        {
            called.SetResult();
            await gate.Task;
            return Result.Ok;
        });
        await called.Task.InTimeAsync();
        Store.BeforeRow = _ =>
        {
            handingOver.TrySetResult();
            return handOver.Task;
        };
        Silo.Get<IHostApplicationLifetime>().StopApplication();
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
        var run = await Silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        await run.EndAsync();
        await run.AsleepAsync();
        Assert.True(await Silo.Journal.EraseAsync(run.Key, 2));
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(run.ViewAsync);
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("record 2 was erased", refusal.Message, StringComparison.Ordinal);
        await run.RequireChainAsync();
    }
}
