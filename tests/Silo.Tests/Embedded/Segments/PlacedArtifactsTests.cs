using AgentRuntime.Artifacts;
using AgentRuntime.Embedded.Segments;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded.Segments;

public sealed class PlacedArtifactsTests : ArtifactStoreConformance, IAsyncDisposable
{
    private readonly SegmentFolder _folder = new();

    private protected override IArtifactStore Store => new PlacedArtifacts(_folder.Stores);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
