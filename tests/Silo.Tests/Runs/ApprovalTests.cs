using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Silo.Tests.Runs;

public sealed class ApprovalTests(RunHost host)
{
    [Fact]
    public async Task WriteHigh_WaitsAsleepAndIsMadeOnceAfterApproval()
    {
        var run = await host.Silo.RunAsync(_ => Task.FromResult(_.Step == 1 ? Reply.Call(RunCast.PayOnce, 7) : Reply.Text("done")));
        var approval = await run.AskedAsync();
        await run.AsleepAsync();
        var asked = await run.InboxAsync(approval);
        Assert.Equal((ApprovalKind.Call, ApprovalState.Pending, RunCast.PayOnce, "{\"n\":7}"), (asked.Kind, asked.State, asked.Tool, asked.Arguments));
        Assert.Equal(RunStatus.WaitingForApproval, (await run.RowAsync()).Status);
        Assert.Equal(RunStatus.WaitingForApproval, (await run.ViewAsync()).Status);
        Assert.Empty(run.Invocations);

        var decided = await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        Assert.Equal(ApprovalState.Approved, decided.State);
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Single(run.Invocations);
        Assert.Equal(["idp|person|alice"], (await run.InboxAsync(approval)).ApprovedBy);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Deny_IsToldToTheModelAndTheLaterDeciderIsToldWhoWon()
    {
        var told = "";
        var run = await host.Silo.RunAsync(turn =>
        {
            told = string.Join("\n", turn.Results);
            return Reply.CallingThenDone(RunCast.Pay)(turn);
        });
        var approval = await run.AskedAsync();
        Assert.Equal(ApprovalState.Denied, (await run.DecideAsync(approval, ApprovalVerdict.Deny, RunCast.Approver("alice"))).State);
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Contains("looked at it", told, StringComparison.Ordinal);
        Assert.Empty(run.Invocations);

        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("bob")));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("Denied", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("alice", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expiry_DeniesAndTheLaterDeciderIsToldSo()
    {
        var told = "";
        var agent = await host.Silo.AddAgentAsync(new RunLimits { ApprovalSeconds = 1 });
        var run = await host.Silo.RunAsync(
            turn =>
            {
                told = string.Join("\n", turn.Results);
                return Reply.CallingThenDone(RunCast.Pay)(turn);
            },
            agent: agent);
        var approval = await run.AskedAsync();
        var records = await run.EndAsync();
        Assert.Single(records.OfType<ApprovalExpired>());
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Contains("nobody approved", told, StringComparison.Ordinal);
        Assert.Empty(run.Invocations);
        Assert.Equal(ApprovalState.Expired, (await run.InboxAsync(approval)).State);
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("bob")));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("Expired", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_ManyAtOnce_OneWinsAndTheCallIsMadeOnce()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.PayOnce));
        var approval = await run.AskedAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
        {
            try
            {
                return (await run.DecideAsync(approval, i % 2 == 0 ? ApprovalVerdict.Approve : ApprovalVerdict.Deny, RunCast.Approver($"person-{i}"))).State.ToString();
            }
            catch (AgentRuntimeException refusal)
            {
                return refusal.Message;
            }
        }));
        var records = await run.EndAsync();
        var decided = records.OfType<ApprovalDecided>().Single();
        Assert.Single(answers, answer => answer is nameof(ApprovalState.Approved) or nameof(ApprovalState.Denied));
        Assert.Equal(31, answers.Count(answer => answer.Contains(decided.By, StringComparison.Ordinal)));
        Assert.Equal(decided.Verdict == ApprovalVerdict.Approve ? 1 : 0, run.Invocations.Count);
    }

    [Fact]
    public async Task Decide_SixtyFourCallsOfOneReplyAtOnce_EachIsMadeOnce()
    {
        var agent = await host.Silo.AddAgentAsync(new RunLimits { MaxFanOut = 64 });
        var run = await host.Silo.RunAsync(
            turn => Task.FromResult(turn.Step == 1 ? Reply.Calls([.. Enumerable.Range(0, 64).Select(i => (RunCast.PayOnce, (object?)i))]) : Reply.Text("done")), agent: agent);
        await run.AskedAsync(64);
        var asked = (await run.RecordsAsync()).OfType<ApprovalRequested>().Select(request => ApprovalId.Parse(request.Approval)).ToList();
        await Task.WhenAll(asked.Select((approval, i) => run.DecideAsync(
            approval, i % 4 == 0 ? ApprovalVerdict.Deny : ApprovalVerdict.Approve, RunCast.Approver($"person-{i % 3}"))));
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Equal(48, run.Invocations.Count);
        Assert.Equal(48, run.Invocations.Select(invocation => invocation.IdempotencyKey).Distinct().Count());
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Approval_OfOneCall_DoesNotCoverTheNext()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Pay, RunCast.Pay));
        var first = await run.AskedAsync();
        await run.DecideAsync(first, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        var second = await run.AskedAsync(2);
        Assert.NotEqual(first, second);
        Assert.Single(run.Invocations);
        await run.DecideAsync(second, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        await run.EndAsync();
        Assert.Equal(2, run.Invocations.Count);
    }
}
