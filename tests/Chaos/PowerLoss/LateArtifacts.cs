using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>The plant <c>artifact-after-record</c>: gives the name at once and writes the content a little later.</summary>
internal sealed class LateArtifacts(IArtifactStore inner, byte[] rootKey) : IArtifactStore, IAsyncDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    private readonly ArtifactNames _names = new(rootKey);
    private readonly List<Task> _late = [];

    public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        lock (_late)
            _late.Add(PutLateAsync(tenant, content.ToArray()));
        return Task.FromResult(_names.NameOf(tenant, content.Span));
    }

    public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.GetAsync(tenant, name, cancellation);

    public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.DeleteAsync(tenant, name, cancellation);

    public async ValueTask DisposeAsync() => await Task.WhenAll(_late);

    private async Task PutLateAsync(TenantId tenant, byte[] content)
    {
        await Task.Delay(Delay);
        await inner.PutAsync(tenant, content, CancellationToken.None);
    }
}
