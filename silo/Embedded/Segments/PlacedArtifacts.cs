using AgentRuntime.Artifacts;
using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Segments;

/// <summary>Each tenant's artifacts where it lies.</summary>
internal sealed class PlacedArtifacts(PlacedStores stores) : IArtifactStore
{
    public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        stores.Of(tenant).Artifacts.PutAsync(tenant, content, cancellation);

    public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => stores.Of(tenant).Artifacts.GetAsync(tenant, name, cancellation);

    public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        stores.Of(tenant).Artifacts.DeleteAsync(tenant, name, cancellation);
}
