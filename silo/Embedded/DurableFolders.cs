using System.Collections.Concurrent;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Embedded;

/// <summary>
/// Makes folders whose own names are durable: on Linux and macOS a new name survives power loss only once the folder it is in is synced.
/// </summary>
internal sealed class DurableFolders(string root)
{
    private const int MaxKnown = 65_536;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Folders whose own entry is durable. That a folder exists does not say so: another thread may have just made it.
    private readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);

    /// <summary>Makes <paramref name="folder"/> and what is missing above it; all of it is durable on return.</summary>
    public void Create(string folder)
    {
        if (folder.Length < root.Length || _durable.ContainsKey(folder))
            return;

        var parent = Path.GetDirectoryName(folder)!;
        Create(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
        DurableFile.SyncFolder(parent);

        if (_durable.Count >= MaxKnown)
            _durable.Clear();
        _durable[folder] = true;
    }
}
