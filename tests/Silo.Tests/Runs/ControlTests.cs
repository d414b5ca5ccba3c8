using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Runs;

public sealed class ControlTests(RunHost host)
{
    [Fact]
    public async Task Pause_Twice_IsOneRecordAndResumeGoesOnWhereItWas()
    {
        var gate = new TaskCompletionSource();
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Look, RunCast.Look), async (_, _) =>
        {
            await gate.Task;
            return Result.Ok;
        });
        await run.WaitForAsync<ModelReplied>();
        Assert.Equal(RunStatus.Paused, (await run.ControlAsync(RunControl.Pause)).Status);
        Assert.Equal("because", (await run.ControlAsync(RunControl.Pause)).Message);
        gate.SetResult();
        await run.WaitForAsync<ToolReturned>();
        await run.AsleepAsync();
        Assert.Equal(RunStatus.Paused, (await run.RowAsync()).Status);
        Assert.Single((await run.RecordsAsync()).OfType<ModelReplied>());

        await run.ControlAsync(RunControl.Resume);
        var records = await run.EndAsync();
        Assert.Single(records.OfType<RunPaused>());
        Assert.Single(records.OfType<RunResumed>());
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal(2, run.Invocations.Count);
    }

    [Fact]
    public async Task Resume_NotPaused_ChangesNothing()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        await run.AskedAsync();
        var before = await run.RecordsAsync();
        Assert.Equal(RunStatus.WaitingForApproval, (await run.ControlAsync(RunControl.Resume)).Status);
        Assert.Equal(before.Count, (await run.RecordsAsync()).Count);
    }

    [Theory]
    [InlineData(RunControl.Cancel)]
    [InlineData(RunControl.Kill)]
    public async Task Stop_WhileTheModelHangs_ReachesItsTokenAndStatusAnswers(RunControl control)
    {
        var asked = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        var run = await host.Silo.RunAsync(turn =>
        {
            turn.Cancellation.Register(stopped.SetResult);
            asked.SetResult();
            return Reply.Never(turn.Cancellation);
        });
        await asked.Task.InTimeAsync();
        Assert.Equal(RunStatus.Running, (await run.ViewAsync()).Status);

        await run.ControlAsync(control);
        await stopped.Task.InTimeAsync();
        Assert.Equal("because", Assert.IsType<RunCancelled>((await run.EndAsync())[^1]).Reason);
    }

    [Fact]
    public async Task Cancel_WhileAToolHangs_ReachesItsToken()
    {
        var called = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Put), async (_, stop) =>
        {
            stop.Register(stopped.SetResult);
            called.SetResult();
            await stopped.Task;
            return Result.Busy();
        });
        await called.Task.InTimeAsync();
        Assert.Equal(RunStatus.Running, (await run.ViewAsync()).Status);
        await run.ControlAsync(RunControl.Cancel);
        await run.ControlAsync(RunControl.Cancel);
        await stopped.Task.InTimeAsync();
        var records = await run.EndAsync();
        Assert.Single(records.OfType<CancelRequested>());
        Assert.IsType<RunCancelled>(records[^1]);
        Assert.Single(run.Invocations);
    }

    [Theory]
    [InlineData(RunCast.Put)]
    [InlineData(RunCast.Once)]
    public async Task Kill_ToolIgnoresItsToken_EndsAndALateAnswerChangesNothing(string tool)
    {
        var called = new TaskCompletionSource();
        var answer = new TaskCompletionSource<ToolOutcome>();
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(tool), async (_, _) =>
        {
            called.SetResult();
            return await answer.Task;
        });
        await called.Task.InTimeAsync();
        Assert.Equal(RunStatus.Cancelled, (await run.ControlAsync(RunControl.Kill)).Status);
        var before = await run.RecordsAsync();
        Assert.IsType<RunCancelled>(before[^1]);

        answer.SetResult(Result.Ok);
        await run.AsleepAsync();
        Assert.Equal(before.Count, (await run.RecordsAsync()).Count);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Cancel_ToolAnswersAfterIt_ChangesNothing()
    {
        var called = new TaskCompletionSource();
        var answer = new TaskCompletionSource<ToolOutcome>();
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Put), async (_, _) =>
        {
            called.SetResult();
            return await answer.Task;
        });
        await called.Task.InTimeAsync();
        await run.ControlAsync(RunControl.Cancel);
        var before = await run.EndAsync();
        answer.SetResult(Result.Ok);
        await run.AsleepAsync();
        Assert.Equal(before.Count, (await run.RecordsAsync()).Count);
        Assert.DoesNotContain(before.OfType<ToolReturned>(), returned => returned.Outcome == ToolOutcomeKind.Success);
    }

    [Theory]
    [InlineData(RunControl.Cancel)]
    [InlineData(RunControl.Kill)]
    public async Task Stop_WaitingForApproval_WithdrawsIt(RunControl control)
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        var approval = await run.AskedAsync();
        await run.ControlAsync(control);
        await run.EndAsync();
        Assert.Equal(AgentRuntime.Approvals.ApprovalState.Withdrawn, (await run.InboxAsync(approval)).State);
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => run.DecideAsync(approval, AgentRuntime.Approvals.ApprovalVerdict.Approve, RunCast.Approver("alice")));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("Withdrawn", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(run.Invocations);
    }

    [Fact]
    public async Task Control_TerminalRun_NeverChanges()
    {
        var done = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        var count = (await done.EndAsync()).Count;
        foreach (var control in Enum.GetValues<RunControl>())
        {
            var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => done.ControlAsync(control));
            Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
            Assert.Contains("Completed", refusal.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<AgentRuntimeException>(() => done.SendAsync("more", "s1"));
        Assert.Equal(count, (await done.RecordsAsync()).Count);

        var killed = await host.Silo.RunAsync(turn => Reply.Never(turn.Cancellation));
        await killed.ControlAsync(RunControl.Kill);
        count = (await killed.EndAsync()).Count;
        Assert.Equal(RunStatus.Cancelled, (await killed.ControlAsync(RunControl.Kill)).Status);
        Assert.Equal(RunStatus.Cancelled, (await killed.ControlAsync(RunControl.Cancel)).Status);
        await Assert.ThrowsAsync<AgentRuntimeException>(() => killed.ControlAsync(RunControl.Resume));
        Assert.Equal(count, (await killed.RecordsAsync()).Count);
    }

    [Fact]
    public async Task Control_UnknownRun_IsNotFoundByName()
    {
        var run = host.Silo.NewRun(Reply.CallingThenDone());
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.ControlAsync(RunControl.Cancel));
        Assert.Equal(ErrorCode.NotFound, refusal.Code);
        Assert.Contains(run.Key.Run.Value, refusal.Message, StringComparison.Ordinal);
    }
}
