using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Decisions whose answer was lost come again.</summary>
public sealed class RepeatedDecisionTests(RunHost host)
{
    [Theory]
    [InlineData(ApprovalVerdict.Approve, ApprovalState.Approved)]
    [InlineData(ApprovalVerdict.Deny, ApprovalState.Denied)]
    public async Task Decide_AgainByTheSamePersonWithTheSameWords_ReturnsTheDecisionAndRecordsNothing(ApprovalVerdict verdict, ApprovalState state)
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.PayOnce));
        var approval = await run.AskedAsync();
        var alice = RunCast.Approver("alice");
        await run.DecideAsync(approval, verdict, alice);
        var records = (await run.EndAsync()).Count;

        var again = await run.DecideAsync(approval, verdict, alice with { AuthenticatedAt = alice.AuthenticatedAt.AddMinutes(-1) });
        Assert.Equal((state, "idp|person|alice: looked at it"), (again.State, again.Reason));
        await LateAsync(run, new DecideApproval(approval, verdict, "looked at it", null, RunCast.Approver("bob")));
        await LateAsync(run, new DecideApproval(approval, verdict, "looked at it again", null, alice));
        await LateAsync(run, new DecideApproval(approval, verdict == ApprovalVerdict.Approve ? ApprovalVerdict.Deny : ApprovalVerdict.Approve, "looked at it", null, alice));
        await LateAsync(run, new DecideApproval(approval, verdict, "looked at it", "{}", alice));
        Assert.Equal(records, (await run.RecordsAsync()).Count);
        Assert.Equal(verdict == ApprovalVerdict.Approve ? 1 : 0, run.Invocations.Count);
    }

    [Fact]
    public async Task Decide_AgainByTheFirstOfTwo_ReturnsWhatBothDecided()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Launch));
        var approval = await run.AskedAsync();
        await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("bob"));

        var again = await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));

        Assert.Equal(ApprovalState.Approved, again.State);
        Assert.Equal(2, (await run.EndAsync()).OfType<ApprovalDecided>().Count());
    }

    [Fact]
    public async Task Decide_AgainByTheFirstOfTwoWhileTheSecondIsMissing_ReturnsTheApprovalAsItIs()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Launch));
        var approval = await run.AskedAsync();
        var alice = RunCast.Approver("alice");
        await run.DecideAsync(approval, ApprovalVerdict.Approve, alice);
        var records = (await run.RecordsAsync()).Count;

        var again = await run.DecideAsync(approval, ApprovalVerdict.Approve, alice with { AuthenticatedAt = alice.AuthenticatedAt.AddMinutes(-10) });

        Assert.Equal((ApprovalState.Pending, "idp|person|alice: looked at it"), (again.State, again.Reason));
        Assert.Equal(["idp|person|alice"], again.ApprovedBy);
        DecideApproval[] others =
        [
            new(approval, ApprovalVerdict.Approve, "looked at it again", null, alice),
            new(approval, ApprovalVerdict.Deny, "looked at it", null, alice),
            new(approval, ApprovalVerdict.Approve, "looked at it", "{}", alice),
            new(approval, ApprovalVerdict.Approve, "looked at it", null, alice with { Roles = [Roles.Developer] }),
        ];
        foreach (var other in others)
            Assert.Equal(ErrorCode.PermissionDenied, (await Assert.ThrowsAsync<AgentRuntimeException>(() => run.Grain.DecideAsync(other, TestContext.Current.CancellationToken))).Code);
        Assert.Equal(records, (await run.RecordsAsync()).Count);
        Assert.Empty(run.Invocations);
    }

    private static async Task LateAsync(TestRun run, DecideApproval command)
    {
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.Grain.DecideAsync(command));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("alice", refusal.Message, StringComparison.Ordinal);
    }
}
