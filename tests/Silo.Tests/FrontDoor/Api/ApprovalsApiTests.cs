extern alias client;

using AgentRuntime.Common;
using Grpc.Core;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

public sealed class ApprovalsApiTests(FrontDoorHost host)
{
    private static int _ids;

    [Fact]
    public async Task DecideApproval_ByAnotherPerson_LetsTheRunEnd()
    {
        var (run, approval) = await WaitingAsync();
        Assert.Equal(Wire.ApprovalState.Pending, approval.State);
        Assert.Equal(("tenants/acme/tools/pay", Wire.RiskLevel.WriteHigh, """{"cents":700}"""), (approval.Tool, approval.Risk, approval.ArgumentsJson));

        var decided = await Approvals("bob").DecideApprovalAsync(Decision(approval), cancellationToken: Patience);
        Assert.Equal(Wire.ApprovalState.Approved, decided.State);
        Assert.Equal("paid", await OutputAsync(run));
    }

    [Fact]
    public async Task DecideApproval_ByWhoMayNot_IsRefusedAndItStillWaits()
    {
        var (run, approval) = await WaitingAsync();
        await RefusedAsync(StatusCode.PermissionDenied, Approvals("anna"), Decision(approval));
        await RefusedAsync(StatusCode.PermissionDenied, host.Client("bob", Roles.Developer).Approvals, Decision(approval));
        await RefusedAsync(StatusCode.NotFound, host.Client("other", "bob", [Roles.Approver]).Approvals, Decision(approval), "other");

        var shown = await Approvals("bob").GetApprovalAsync(new Wire.GetApprovalRequest { Name = approval.Name }, cancellationToken: Patience);
        Assert.Equal(Wire.ApprovalState.Pending, shown.State);
        await host.Client("anna", Roles.Developer).Runs.KillRunAsync(new Wire.ControlRunRequest { Name = run }, cancellationToken: Patience);
    }

    [Fact]
    public async Task DecideApproval_BadInput_NamesTheField()
    {
        var (run, approval) = await WaitingAsync();
        await RpcAssert.RefusesAsync("verdict", () => DecideAsync(approval, decision => decision.Verdict = Wire.ApprovalVerdict.Unspecified));
        await RpcAssert.RefusesAsync("reason", () => DecideAsync(approval, decision => decision.Reason = " "));
        await RpcAssert.RefusesAsync("result_json", () => DecideAsync(approval, decision => decision.ResultJson = "{}"));
        await RpcAssert.RefusesAsync("result_json", () => DecideAsync(approval, decision => decision.Verdict = Wire.ApprovalVerdict.Happened));
        await RpcAssert.RefusesAsync("result_json", () => DecideAsync(approval, decision =>
        {
            decision.Verdict = Wire.ApprovalVerdict.Happened;
            decision.ResultJson = new string('[', 100_000);
        }));
        await RpcAssert.RefusesAsync("name", () => DecideAsync(approval, decision => decision.Name = "tenants/acme/approvals/A"));
        await host.Client("anna", Roles.Developer).Runs.KillRunAsync(new Wire.ControlRunRequest { Name = run }, cancellationToken: Patience);
    }

    [Fact]
    public async Task WatchApprovals_ShowsWhatComesAndWhatBecomesOfIt()
    {
        await using var watch = host.Client("bob", Roles.Approver).WatchApprovalsAsync("tenants/acme", Patience).GetAsyncEnumerator(Patience);
        var (_, approval) = await WaitingAsync();
        Assert.Equal(Wire.ApprovalState.Pending, (await NextOfAsync(watch, approval.Name)).State);

        var denial = Decision(approval);
        denial.Verdict = Wire.ApprovalVerdict.Deny;
        await Approvals("bob").DecideApprovalAsync(denial, cancellationToken: Patience);
        Assert.Equal(Wire.ApprovalState.Denied, (await NextOfAsync(watch, approval.Name)).State);
    }

    private static async Task<Wire.Approval> NextOfAsync(IAsyncEnumerator<Wire.Approval> watch, string name)
    {
        while (await watch.MoveNextAsync())
        {
            if (watch.Current.Name == name) return watch.Current;
        }

        throw new InvalidOperationException("the watch ended");
    }

    private Wire.Approvals.ApprovalsClient Approvals(string person) => host.Client(person, Roles.Approver).Approvals;

    private static Wire.DecideApprovalRequest Decision(Wire.Approval approval) =>
        new() { Name = approval.Name, Verdict = Wire.ApprovalVerdict.Approve, Reason = "looks right" };

    private Task DecideAsync(Wire.Approval approval, Action<Wire.DecideApprovalRequest> change)
    {
        var decision = Decision(approval);
        change(decision);
        return Approvals("bob").DecideApprovalAsync(decision, cancellationToken: Patience).ResponseAsync;
    }

    private static Task RefusedAsync(
        StatusCode status, Wire.Approvals.ApprovalsClient approvals, Wire.DecideApprovalRequest decision, string tenant = "acme")
    {
        decision.Name = decision.Name.Replace("acme", tenant, StringComparison.Ordinal);
        return RpcAssert.FailsAsync(status, () => approvals.DecideApprovalAsync(decision, cancellationToken: Patience).ResponseAsync);
    }

    /// <summary>Starts a run as anna and waits for the approval that it asks for.</summary>
    private async Task<(string Run, Wire.Approval Approval)> WaitingAsync()
    {
        var anna = host.Client("anna", Roles.Developer);
        var run = await anna.Runs.StartRunAsync(
            new Wire.StartRunRequest
            {
                Parent = "tenants/acme",
                Agent = "tenants/acme/agents/payer",
                Input = "pay",
                RequestId = $"approval-{Interlocked.Increment(ref _ids)}",
            },
            cancellationToken: Patience);
        await foreach (var record in anna.WatchRunAsync(run.Name, null, Patience))
        {
            if (record.Type == "approval.requested") break;
        }

        var page = new Wire.ListApprovalsRequest { Parent = "tenants/acme", State = Wire.ApprovalState.Pending, PageSize = 1 };
        while (true)
        {
            var response = await anna.Approvals.ListApprovalsAsync(page, cancellationToken: Patience);
            if (response.Approvals.SingleOrDefault(approval => approval.Run == run.Name) is { } found) return (run.Name, found);
            page.PageToken = response.NextPageToken;
        }
    }

    private async Task<string> OutputAsync(string run)
    {
        var anna = host.Client("anna", Roles.Developer);
        await foreach (var _ in anna.WatchRunAsync(run, null, Patience)) continue;
        return (await anna.Runs.GetRunAsync(new Wire.GetRunRequest { Name = run }, cancellationToken: Patience)).Output;
    }
}
