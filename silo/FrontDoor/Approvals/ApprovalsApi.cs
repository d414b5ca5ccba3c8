using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Lists;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Approvals;

/// <summary>The service Approvals: maps and calls, nothing else.</summary>
internal sealed class ApprovalsApi(IGrainFactory grains, IApprovalInbox inbox, ApprovalWatch watch, WatchSlots slots) : V1.Approvals.ApprovalsBase
{
    public override async Task<V1.ListApprovalsResponse> ListApprovals(V1.ListApprovalsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var state = ApprovalMapping.FromWire(request.State);
        var matches = MessageFilter.Compile(request.Filter, V1.Approval.Descriptor, "agent", "run", "tool", "kind", "risk", "create_time");
        var query = $"approvals|{caller.Tenant}|{state}|{request.Filter}";
        var (approvals, next) = await FilteredPage.ReadAsync(
            query, request.PageSize, request.PageToken, (after, limit, cancellation) => ReadAsync(caller.Tenant, state, after, limit, cancellation), matches, context.CancellationToken);
        return new V1.ListApprovalsResponse { Approvals = { approvals }, NextPageToken = next };
    }

    public override async Task<V1.Approval> GetApproval(V1.GetApprovalRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        return ApprovalMapping.ToWire(await FindAsync(request.Name, caller, context), caller.Tenant);
    }

    public override async Task WatchApprovals(
        V1.WatchApprovalsRequest request, IServerStreamWriter<V1.WatchApprovalsResponse> responseStream, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        using var slot = slots.Enter(caller, context.CancellationToken);
        await slot.RunAsync(cancellation => watch.SendAsync(caller.Tenant, responseStream, cancellation));
    }

    public override async Task<V1.Approval> DecideApproval(V1.DecideApprovalRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var verdict = ApprovalMapping.FromWire(request.Verdict);
        var reason = Input.Reason(request.Reason, required: true);
        var result = Input.Json(request.HasResultJson ? request.ResultJson : null, "result_json");
        if ((verdict == ApprovalVerdict.Happened) != (result is not null))
        {
            throw new InvalidInputException("result_json", "is needed with the verdict HAPPENED, and only then.");
        }

        var approval = await FindAsync(request.Name, caller, context);
        var run = grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(caller.Tenant, RunId.Parse(approval.Run)));
        var decided = await run.DecideAsync(new DecideApproval(approval.Approval, verdict, reason, result, caller.Principal), context.CancellationToken);
        return ApprovalMapping.ToWire(decided, caller.Tenant);
    }

    private async Task<(IReadOnlyList<V1.Approval> Approvals, string? Next)> ReadAsync(
        TenantId tenant, ApprovalState? state, string? after, int limit, CancellationToken cancellation)
    {
        var page = await inbox.ListAsync(tenant, state, after, limit, cancellation);
        return ([.. page.Approvals.Select(view => ApprovalMapping.ToWire(view, tenant))], page.Next);
    }

    private async Task<ApprovalView> FindAsync(string name, Caller caller, ServerCallContext context)
    {
        var id = ResourceName.Approval(name, caller.Tenant);
        return await inbox.GetAsync(caller.Tenant, id, context.CancellationToken) ?? throw Missing.Resource("approval", id.Value);
    }
}
