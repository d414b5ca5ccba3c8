using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Index;

namespace AgentRuntime.Embedded.Segments;

/// <summary>Each tenant's approvals where it lies.</summary>
internal sealed class PlacedApprovalInbox(PlacedStores stores) : IApprovalInbox
{
    public Task<ApprovalView?> GetAsync(TenantId tenant, ApprovalId approval, CancellationToken cancellation) =>
        stores.Of(tenant).Inbox.GetAsync(tenant, approval, cancellation);

    public Task<ApprovalPage> ListAsync(TenantId tenant, ApprovalState? state, string? after, int limit, CancellationToken cancellation) =>
        stores.Of(tenant).Inbox.ListAsync(tenant, state, after, limit, cancellation);

    public Task<long> GetVersionAsync(TenantId tenant, CancellationToken cancellation) => stores.Of(tenant).Inbox.GetVersionAsync(tenant, cancellation);

    public async Task<long> CountWaitingAsync(CancellationToken cancellation)
    {
        var waiting = 0L;
        foreach (var (_, store) in stores.Served) waiting += await store.Inbox.CountWaitingAsync(cancellation);
        return waiting;
    }
}
