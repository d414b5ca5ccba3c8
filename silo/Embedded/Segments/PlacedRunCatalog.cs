using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;

namespace AgentRuntime.Embedded.Segments;

/// <summary>Lists of runs from where the tenant lies.</summary>
internal sealed class PlacedRunCatalog(PlacedStores stores) : IRunCatalog
{
    public Task<RunPage> ListAsync(TenantId tenant, RunQuery query, CancellationToken cancellation) =>
        stores.Of(tenant).Catalog.ListAsync(tenant, query, cancellation);

    public Task<IReadOnlyDictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        stores.Of(tenant).Catalog.CountAsync(tenant, cancellation);
}
