using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Embedded;

/// <summary>One journal and its artifacts.</summary>
internal sealed class RunStore : IAsyncDisposable
{
    private RunStore(JournalDatabase journal, FileArtifactStore artifacts) => (Journal, Artifacts) = (journal, artifacts);

    public JournalDatabase Journal { get; }

    public FileArtifactStore Artifacts { get; }

    /// <summary>Opens the store that lies at <paramref name="place"/>, one of <see cref="FolderLayout.RunStoresIn"/>.</summary>
    /// <exception cref="Common.AgentRuntimeException">It cannot be used; the message names the file and what to do.</exception>
    public static RunStore Open(DataFolder folder, string place) => new(
        JournalDatabase.Open(folder.At(place)), new FileArtifactStore(folder.At(place), folder.DeriveKey(FileArtifactStore.KeyPurpose)));

    /// <summary>As <see cref="Open"/>, for a store that others write.</summary>
    /// <exception cref="Common.AgentRuntimeException">As <see cref="Open"/>.</exception>
    public static RunStore OpenForReading(DataFolder folder, string place) => new(
        JournalDatabase.OpenForReading(folder.At(place)), new FileArtifactStore(folder.At(place), folder.DeriveKey(FileArtifactStore.KeyPurpose)));

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        Artifacts.Dispose();
    }
}
