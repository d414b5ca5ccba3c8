using AgentRuntime.Approvals;
using AgentRuntime.Common;

namespace AgentRuntime.Runs.Index;

/// <summary>The approvals of each tenant. Written only with the journal record that causes it.</summary>
internal interface IApprovalInbox
{
    /// <summary>One approval, or null: another tenant's is null too.</summary>
    Task<ApprovalView?> GetAsync(TenantId tenant, ApprovalId approval, CancellationToken cancellation);

    /// <summary>One page, oldest first, after <paramref name="after"/> (null begins); a null state matches all.</summary>
    Task<ApprovalPage> ListAsync(TenantId tenant, ApprovalState? state, string? after, int limit, CancellationToken cancellation);

    /// <summary>A number that grows whenever anything in the tenant's inbox changes, in this or another silo.</summary>
    Task<long> GetVersionAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>How many approvals wait, of all tenants whom this silo serves. Costs as much as wait, not as much as there ever were.</summary>
    Task<long> CountWaitingAsync(CancellationToken cancellation);
}
