using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Segments;

/// <summary>Lists of runs from where the tenant lies.</summary>
internal sealed class PlacedRunCatalog(PlacedStores stores) : IRunCatalog
{
    public Task<IReadOnlyList<RunRow>> ListAsync(
        TenantId tenant, RunStatus? status, string? agent, long beforeRunNo, int limit, CancellationToken cancellation) =>
        stores.Of(tenant).Catalog.ListAsync(tenant, status, agent, beforeRunNo, limit, cancellation);

    public Task<IReadOnlyDictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        stores.Of(tenant).Catalog.CountAsync(tenant, cancellation);
}
