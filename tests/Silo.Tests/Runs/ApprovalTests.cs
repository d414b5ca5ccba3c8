using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;
using AgentRuntime.Tools;

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

    [Fact]
    public async Task BlockedAfterApproval_IsNotCalled()
    {
        await host.Silo.AddToolAsync("blockable", RunCast.PayOnce, timeoutMs: 30_000);
        var agent = await host.Silo.AddAgentAsync(tools: "blockable");
        var told = "";
        var run = await host.Silo.RunAsync(
            turn =>
            {
                told = string.Join("\n", turn.Results);
                return Reply.CallingThenDone("blockable")(turn);
            },
            agent: agent);
        var approval = await run.AskedAsync();
        await host.Silo.Grains.GetGrain<IToolGrain>(ToolGrainKey.For(RunCast.Tenant, ToolId.Parse("blockable"))).SetBlockedAsync(true, "it leaks", RunCast.Reviewer, cancellation: TestContext.Current.CancellationToken);
        var pin = new AgentTool("blockable", (await run.InboxAsync(approval)).ContractHash);
        await Eventually.TrueAsync(
            async () => (await host.Silo.Get<ToolDirectory>().GetAsync(RunCast.Tenant, pin, CancellationToken.None)).Version.BlockedReason is not null, "block is known");

        await run.DecideAsync(approval, ApprovalVerdict.Approve, RunCast.Approver("alice"));
        var records = await run.EndAsync();
        Assert.Equal(ToolDecision.Deny, records.OfType<ToolDecided>().Last().Decision);
        Assert.Contains("it leaks", told, StringComparison.Ordinal);
        Assert.Empty(run.Invocations);
    }

    [Fact]
    public async Task SuspendedTenant_TakesNoStepAndGoesOnAfterRelease()
    {
        var tenant = TenantId.Parse("late-payer");
        await host.Silo.SetUpAsync(tenant);
        var gate = new TaskCompletionSource();
        var run = host.Silo.NewRun(
            Reply.CallingThenDone(RunCast.Look, RunCast.Look),
            async (_, _) =>
            {
                await gate.Task;
                return Result.Ok;
            },
            tenant: tenant);
        await run.StartAsync();
        await run.WaitForAsync<ModelReplied>();
        var grain = host.Silo.Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(tenant));
        await grain.SetSuspendedAsync(true, "unpaid", null, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await host.Silo.Get<TenantDirectory>().GetAsync(tenant))!.SuspendedReason is not null, "suspension is known");
        gate.SetResult();
        await run.WaitForAsync<ToolReturned>();
        await run.AsleepAsync();
        Assert.Single((await run.RecordsAsync()).OfType<ModelReplied>());
        Assert.Equal(RunStatus.Paused, (await run.RowAsync()).Status);
        await run.Grain.WakeAsync();
        await run.AsleepAsync();
        Assert.Single((await run.RecordsAsync()).OfType<ModelReplied>());
        var late = host.Silo.NewRun(Reply.CallingThenDone(), tenant: tenant);
        Assert.Contains("unpaid", (await Assert.ThrowsAsync<AgentRuntimeException>(late.StartAsync)).Message, StringComparison.Ordinal);

        await grain.SetSuspendedAsync(false, "paid", null, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await host.Silo.Get<TenantDirectory>().GetAsync(tenant))!.SuspendedReason is null, "release is known");
        await run.Grain.WakeAsync();
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Equal(2, run.Invocations.Count);
    }

    private static async Task LateAsync(TestRun run, DecideApproval command)
    {
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.Grain.DecideAsync(command));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("alice", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(TestRun run, ApprovalId approval, Principal by, string rule)
    {
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.DecideAsync(approval, ApprovalVerdict.Approve, by));
        Assert.Equal(ErrorCode.PermissionDenied, refusal.Code);
        Assert.Contains(rule, refusal.Message, StringComparison.Ordinal);
    }
}
