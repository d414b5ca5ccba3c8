using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>What was allowed once is not any more.</summary>
public sealed class WithdrawalTests(RunHost host)
{
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
}
