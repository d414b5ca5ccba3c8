using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Segments;
using AgentRuntime.Silo.Tests.Tenants;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Segments;

/// <summary>A data folder with segments for the tenants acme and other, as silos of it see it.</summary>
internal sealed class SegmentFolder : IAsyncDisposable
{
    public static readonly string[] Segments = ["acme", "other"];

    private readonly ScratchFolder _folder = new();
    private readonly List<PlacedStores> _opened = [];

    public SegmentFolder()
    {
        // Nothing here waits: the folder is new and nobody else's.
        Folder = DataFolder.OpenAsync(_folder.Path, null, null, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult();
        Stores = Open(Segments);
    }

    public DataFolder Folder { get; }

    /// <summary>As a silo that serves both segments sees it.</summary>
    public PlacedStores Stores { get; }

    /// <summary>As a silo sees it that serves these, or without any the other tenants.</summary>
    public PlacedStores Open(params string[] serves)
    {
        var stores = new PlacedStores(Folder, TenancyPlanTests.Segmented(Segments, serves));
        _opened.Add(stores);
        return stores;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stores in _opened) await stores.DisposeAsync();
        _folder.Dispose();
    }
}
