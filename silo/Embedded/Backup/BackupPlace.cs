using System.Formats.Tar;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Embedded.Backup;

/// <summary>Where a backup lies: a folder, or a tar of one.</summary>
internal static class BackupPlace
{
    private const string ArchiveEnding = ".tar";

    /// <summary>The one full form of a path: a separator at its end would make what lies beside it lie within.</summary>
    public static string Normal(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>Gives a whole draft of a backup its name.</summary>
    public static async Task PublishAsync(BackupDraft draft, string path, CancellationToken cancellation)
    {
        if (!IsArchive(path))
        {
            draft.Publish();
            return;
        }

        await PackAsync(draft.Content, draft.Archive, cancellation);
        draft.PublishArchive();
    }

    /// <summary>Whether a backup of that name is one file.</summary>
    public static bool IsArchive(string path) => path.EndsWith(ArchiveEnding, StringComparison.Ordinal);

    /// <summary>Lays the files of a backup down in an empty folder.</summary>
    /// <exception cref="AgentRuntimeException">The source cannot be read, or holds what no backup of ours holds.</exception>
    public static async Task CopyOutAsync(string source, string folder, CancellationToken cancellation)
    {
        try
        {
            var folders = new DurableFolders(folder);
            if (Directory.Exists(source)) CopyFolder(source, folder, folders);
            else await UnpackAsync(source, folder, folders, cancellation);
            foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder)) DurableFile.SyncFolder(inner);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"'{source}' is no backup that can be read: {failure.Message}", inner: failure);
        }
    }

    private static async Task PackAsync(string folder, string archive, CancellationToken cancellation)
    {
        await using var file = new FileStream(archive, ArtifactFiles.NewFile());
        await TarFile.CreateFromDirectoryAsync(folder, file, includeBaseDirectory: false, cancellation);
        file.Flush(flushToDisk: true);
    }

    private static async Task UnpackAsync(string archive, string folder, DurableFolders folders, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(archive);
        await using var reader = new TarReader(file);
        while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (entry.EntryType is TarEntryType.Directory) continue;
            var target = Path.GetFullPath(Path.Combine(folder, entry.Name));
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !target.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new InvalidDataException($"entry '{entry.Name}' is none of a backup.");
            RequireRoom(folder, target, entry.Name);
            folders.Create(Path.GetDirectoryName(target)!);
            await using var content = entry.DataStream ?? Stream.Null;
            Write(target, content);
        }
    }

    private static void RequireRoom(string folder, string target, string entry)
    {
        if (Path.Exists(target)) throw new InvalidDataException($"entry '{entry}' is in it twice, or a folder and a file.");
        for (var above = Path.GetDirectoryName(target)!; above.Length > folder.Length; above = Path.GetDirectoryName(above)!)
            if (File.Exists(above)) throw new InvalidDataException($"entry '{entry}' lies in a file.");
    }

    private static void CopyFolder(string source, string folder, DurableFolders folders)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(source, file);
            if (BackupDraft.IsOwn(name)) continue;
            var target = Path.Combine(folder, name);
            folders.Create(Path.GetDirectoryName(target)!);
            using var content = File.OpenRead(file);
            Write(target, content);
        }
    }

    private static void Write(string target, Stream content)
    {
        using var file = new FileStream(target, ArtifactFiles.NewFile());
        content.CopyTo(file);
        file.Flush(flushToDisk: true);
    }
}
