using AgentRuntime.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Segments;

/// <summary>The runs that lie in one place of the data folder, and all ports to them.</summary>
internal sealed class PlacedStore : IAsyncDisposable
{
    private PlacedStore(RunStore store, IArtifactStore artifacts)
    {
        (Store, Artifacts) = (store, artifacts);
        Journal = new SqliteRunJournal(store.Journal);
        Index = new SqliteOpenRunIndex(store.Journal);
        Catalog = new SqliteRunCatalog(store.Journal);
        Inbox = new SqliteApprovalInbox(store.Journal);
    }

    public RunStore Store { get; }

    public IRunJournal Journal { get; }

    public IOpenRunIndex Index { get; }

    public IRunCatalog Catalog { get; }

    public IApprovalInbox Inbox { get; }

    public IArtifactStore Artifacts { get; }

    /// <summary>Opens a store that this silo serves.</summary>
    /// <exception cref="Common.AgentRuntimeException">It cannot be used; the message names the file and what to do.</exception>
    public static PlacedStore Open(DataFolder folder, string place)
    {
        var store = RunStore.Open(folder, place);
        return new PlacedStore(store, store.Artifacts);
    }

    /// <summary>Opens a store that other silos serve.</summary>
    /// <exception cref="Common.AgentRuntimeException">As <see cref="Open"/>.</exception>
    public static PlacedStore OpenForReading(DataFolder folder, string place)
    {
        var store = RunStore.OpenForReading(folder, place);
        return new PlacedStore(store, new ReadOnlyArtifacts(store.Artifacts));
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
