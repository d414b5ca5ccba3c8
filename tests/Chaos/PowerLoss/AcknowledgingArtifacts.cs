using AgentRuntime.Artifacts;
using AgentRuntime.Common;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Says of each artifact that it is durable once the store says so.</summary>
internal sealed class AcknowledgingArtifacts(IArtifactStore inner, Action<string> acknowledge) : IArtifactStore
{
    public async Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var name = await inner.PutAsync(tenant, content, cancellation);
        acknowledge(Acknowledgements.Artifact(tenant, name));
        return name;
    }

    public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.GetAsync(tenant, name, cancellation);

    public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.DeleteAsync(tenant, name, cancellation);
}
