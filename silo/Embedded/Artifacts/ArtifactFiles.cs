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

    private static FileStreamOptions NewFile()
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
