using AgentRuntime.Artifacts;
using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Segments;

/// <summary>Artifacts that other silos write.</summary>
internal sealed class ReadOnlyArtifacts(IArtifactStore artifacts) : IArtifactStore
{
    public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation) => throw Refused(tenant);

    public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => artifacts.GetAsync(tenant, name, cancellation);

    public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => throw Refused(tenant);

    private static AgentRuntimeException Refused(TenantId tenant) =>
        new(ErrorCode.Internal, $"Artifacts of tenant {tenant} are written by the silos that serve it, and this one does not.");
}
