using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Embedded.Artifacts;

/// <summary>Whole files that appear and vanish durably.</summary>
internal sealed class ArtifactFiles
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    // No tenant has a dot in its id.
    private const string UnfinishedFolder = ".unfinished";

    private readonly string _unfinished;
    private readonly DurableFolders _folders;

    public ArtifactFiles(string root)
    {
        _folders = new DurableFolders(root);
        _unfinished = Path.Combine(root, UnfinishedFolder);
        try
        {
            _folders.Create(_unfinished);
            RemoveAbandoned();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ArtifactErrors.From(failure, root);
        }
    }

    public static byte[]? TryRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads a file that is to be referred to once more, and marks it as wanted now. The lock that .NET takes keeps <see cref="TryRetire"/> away.
    /// </summary>
    /// <returns>False while <see cref="TryRetire"/> has it.</returns>
    public static bool TryClaim(string path, out byte[]? content)
    {
        content = null;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            File.SetLastWriteTimeUtc(file.SafeFileHandle, TimeProvider.System.GetUtcNow().UtcDateTime);
            // Opening and locking are two steps: between them the file may have been deleted, and what is locked has no name any more. While
            // the lock is held, what has a name keeps it.
            if (!File.Exists(path)) return true;
            var known = new byte[file.Length];
            file.ReadExactly(known);
            content = known;
            return true;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException failure) when (FileLock.IsHeldElsewhere(failure))
        {
            return false;
        }
    }

    /// <summary>Deletes a file that was not written or claimed within <paramref name="grace"/>, or whenever it was when that is null. True once it is gone.</summary>
    public static bool TryRetire(string path, TimeSpan? grace)
    {
        var unwantedSince = grace is { } span ? TimeProvider.System.GetUtcNow().UtcDateTime - span : DateTime.MaxValue;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
            // By its name too: another one may have been stored in the place of the one that was opened.
            if (File.GetLastWriteTimeUtc(file.SafeFileHandle) > unwantedSince || File.GetLastWriteTimeUtc(path) > unwantedSince) return false;
            if (OperatingSystem.IsWindows()) file.Dispose();
            File.Delete(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException failure) when (FileLock.IsHeldElsewhere(failure))
        {
            return false;
        }

        DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(path)!;
        _folders.Create(folder);
        var unfinished = Path.Combine(_unfinished, Path.GetRandomFileName());
        try
        {
            using (var file = new FileStream(unfinished, NewFile()))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }

        DurableFile.SyncFolder(folder);
    }

    /// <summary>Makes sure of a file that is there already: whoever wrote it may not have come as far as to sync its folder.</summary>
    public void MakeDurable(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        _folders.Create(folder);
        DurableFile.SyncFolder(folder);
    }

    public static bool Delete(string path)
    {
        if (!File.Exists(path))
            return false;

        File.Delete(path);
        DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    public static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = DurableFile.OwnerOnly;
        return options;
    }

    /// <summary>Removes what killed processes left; younger files may be another silo's work.</summary>
    private void RemoveAbandoned()
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var file in Directory.EnumerateFiles(_unfinished).Where(file => File.GetLastWriteTimeUtc(file) < before))
            File.Delete(file);
    }
}
