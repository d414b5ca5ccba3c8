using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Who may decide.</summary>
public sealed class ApproverTests(RunHost host)
{
    [Fact]
    public async Task Decide_ByWhoMayNot_IsRefusedByRuleAndChangesNothing()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        var approval = await run.AskedAsync();
        await RefusedAsync(run, approval, RunCast.App with { Roles = [Roles.Approver] }, "only a person");
        await RefusedAsync(run, approval, RunCast.Person("dave", Roles.Developer), Roles.Approver);
        await RefusedAsync(run, approval, RunCast.Author, "published the agent");
        await RefusedAsync(run, approval, RunCast.Reviewer, "published the agent or the tool");
        Assert.Equal(ApprovalState.Pending, (await run.InboxAsync(approval)).State);
        Assert.Empty((await run.RecordsAsync()).OfType<ApprovalDecided>());
        Assert.Empty(run.Invocations);
    }

    [Fact]
    public async Task Decide_ByWhoStartedIt_IsRefused()
    {
        var alice = RunCast.Person("alice", Roles.Approver, Roles.Developer);
        var run = host.Silo.NewRun(Reply.CallingThenDone(RunCast.Pay));
        await run.Grain.StartAsync(run.Command with { By = alice, OnBehalfOf = "bob" }, TestContext.Current.CancellationToken);
        var approval = await run.AskedAsync();
        await RefusedAsync(run, approval, alice, "started the run");
        await RefusedAsync(run, approval, RunCast.Approver("bob"), "on behalf of");
        Assert.Equal(ApprovalState.Approved, (await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("carol"))).State);
    }

    [Fact]
    public async Task Decide_UnknownApproval_IsNotFound()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        await run.AskedAsync();
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => run.DecideAsync(ApprovalId.Parse("no-such"), ApprovalVerdict.Approve, RunCast.Approver("bob")));
        Assert.Equal(ErrorCode.NotFound, refusal.Code);
    }

    [Fact]
    public async Task Critical_NeedsTwoPeopleFreshlyLoggedIn()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Launch));
        var approval = await run.AskedAsync();
        var stale = RunCast.Approver("zoe") with { AuthenticatedAt = TimeProvider.System.GetUtcNow().AddMinutes(-6) };
        await RefusedAsync(run, approval, stale, "Log in again");

        var first = await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        Assert.Equal(ApprovalState.Pending, first.State);
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.Grain.DecideAsync(
            new DecideApproval(approval, ApprovalVerdict.Approve, "for a second time", null, RunCast.Approver("alice")), TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.PermissionDenied, refusal.Code);
        Assert.Contains("second person", refusal.Message, StringComparison.Ordinal);
        await run.AsleepAsync();
        Assert.Empty(run.Invocations);

        var second = await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("bob"));
        Assert.Equal(ApprovalState.Approved, second.State);
        Assert.Equal(["idp|person|alice", "idp|person|bob"], second.ApprovedBy);
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Single(run.Invocations);
    }

    private static async Task RefusedAsync(TestRun run, ApprovalId approval, Principal by, string rule)
    {
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.DecideAsync(approval, ApprovalVerdict.Approve, by));
        Assert.Equal(ErrorCode.PermissionDenied, refusal.Code);
        Assert.Contains(rule, refusal.Message, StringComparison.Ordinal);
    }
}
