using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Embedded.Backup;

/// <summary>
/// A backup, or what is restored of one, while it is made. It lies beside its target, or within it when that is an empty folder already, as a
/// mount point is; the target gets its content once that is whole. One process at a time works on a target, by a lock that the operating system
/// drops when that process ends. What a killed one left is removed by the next; nothing else is.
/// </summary>
internal sealed class BackupDraft : IDisposable
{
    // The draft within a target that was there.
    private const string WithinName = ".unfinished";

    private const string Ending = ".unfinished";

    // Says that a folder is a draft, and is locked by the process that works on it.
    private const string MarkName = ".agentruntime-draft";
    private const string ContentName = "content";
    private const string ArchiveName = "content.tar";

    // What is moved from a draft into its target, a name a line: written before the first is.
    private const string MovedName = "moved";

    private readonly string _target;
    private readonly string _last;
    private readonly string _root;
    private readonly FileLock _lock;
    private readonly bool _isWithin;
    private bool _isPublished;

    private BackupDraft(string target, string last, string root, FileLock held)
    {
        (_target, _last, _root, _lock) = (target, last, root, held);
        _isWithin = root == Path.Combine(target, WithinName);
    }

    /// <summary>The folder to fill.</summary>
    public string Content => Path.Combine(_root, ContentName);

    /// <summary>The file to pack the content into when the target is one.</summary>
    public string Archive => Path.Combine(_root, ArchiveName);

    /// <summary>Whether a path relative to a finished target is what making it there left.</summary>
    public static bool IsOwn(string path) => path == FolderLayout.Lock || path.StartsWith(WithinName + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <param name="target">Full path without a separator at its end.</param>
    /// <param name="last">The file of the content without which the content is not whole.</param>
    /// <exception cref="AgentRuntimeException">AlreadyExists: something is at the target. Unavailable: another process makes it.</exception>
    public static BackupDraft Begin(string target, string last)
    {
        RequireFree(target, last);
        var (root, held) = Directory.Exists(target) ? TakeWithin(target, last) : TakeBeside(target);
        var draft = new BackupDraft(target, last, root, held);
        OwnerOnlyFolder.Ensure(draft.Content);
        return draft;
    }

    /// <summary>Gives the content its place, which it has wholly or not at all.</summary>
    /// <exception cref="AgentRuntimeException">AlreadyExists: something came to be there meanwhile.</exception>
    public void Publish()
    {
        if (_isWithin) MoveUp();
        else MoveOut();
        _isPublished = true;
    }

    /// <summary>Gives the packed content its name.</summary>
    /// <exception cref="AgentRuntimeException">AlreadyExists: something came to be there meanwhile.</exception>
    public void PublishArchive()
    {
        if (!DurableFile.TryPublish(Archive, _target)) throw Taken(_target);
        DurableFile.SyncFolder(Path.GetDirectoryName(_target)!);
        _isPublished = true;
    }

    /// <summary>Removes what was not published.</summary>
    public void Dispose()
    {
        if (!_isPublished && _isWithin) TakeBack(_target, _root);
        Remove(_root, _lock);
        _lock.Dispose();
    }

    private static void RequireFree(string target, string last)
    {
        if (File.Exists(target)) throw Taken(target);
        if (!Directory.Exists(target)) return;
        var root = Path.Combine(target, WithinName);
        var isDraft = File.Exists(Path.Combine(root, MarkName));
        string[] ours = isDraft ? [FolderLayout.Lock, WithinName, .. Moved(root)] : [FolderLayout.Lock];
        if (File.Exists(Path.Combine(target, last)) || Directory.EnumerateFileSystemEntries(target).Any(path => !ours.Contains(Path.GetFileName(path), StringComparer.Ordinal)))
            throw Taken(target);
    }

    // A name of its own: two that begin at once do not meet before they publish, and then one of them is refused.
    private static (string Root, FileLock Held) TakeBeside(string target)
    {
        var parent = OwnerOnlyFolder.Ensure(Path.GetDirectoryName(target)!);
        var own = Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
        var prefix = Path.GetFileName(target) + '.';
        foreach (var left in Directory.EnumerateDirectories(parent))
        {
            var name = Path.GetFileName(left);
            if (name.Length == prefix.Length + own.Length + Ending.Length
                && name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal))
                RemoveLeft(left, target);
        }

        var root = OwnerOnlyFolder.Ensure(target + '.' + own + Ending);
        return (root, FileLock.TryTake(Path.Combine(root, MarkName)) ?? throw Busy(target));
    }

    private static (string Root, FileLock Held) TakeWithin(string target, string last)
    {
        // Also keeps silos from starting on it. The file stays: one that is deleted may be locked by two.
        var held = FileLock.TryTake(Path.Combine(target, FolderLayout.Lock)) ?? throw Busy(target);
        try
        {
            RequireFree(target, last);
            var root = Path.Combine(target, WithinName);
            TakeBack(target, root);
            if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
            OwnerOnlyFolder.Ensure(root);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(target, File.GetUnixFileMode(root));
            DurableFile.TryCreate(Path.Combine(root, MarkName), []);
            return (root, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static void RemoveLeft(string left, string target)
    {
        var mark = Path.Combine(left, MarkName);
        if (!File.Exists(mark)) return;
        try
        {
            using var ended = FileLock.TryTake(mark) ?? throw Busy(target);
            Remove(left, ended);
        }
        catch (DirectoryNotFoundException)
        {
            // Its process removed it at this moment.
        }
    }

    /// <summary>Removes a draft whose lock is held, that last.</summary>
    private static void Remove(string root, FileLock held)
    {
        foreach (var folder in Directory.EnumerateDirectories(root)) Directory.Delete(folder, recursive: true);
        if (OperatingSystem.IsWindows()) held.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private void MoveOut()
    {
        try
        {
            Directory.Move(Content, _target);
        }
        catch (IOException) when (Path.Exists(_target))
        {
            throw Taken(_target);
        }

        DurableFile.SyncFolder(Path.GetDirectoryName(_target)!);
    }

    private void MoveUp()
    {
        var names = Directory.EnumerateFileSystemEntries(Content).Select(path => Path.GetFileName(path)).Where(name => name != FolderLayout.Lock)
            .OrderBy(name => name == _last).ToList();
        if (names.Exists(name => Path.Exists(Path.Combine(_target, name)))) throw Taken(_target);
        DurableFile.Replace(Path.Combine(_root, MovedName), System.Text.Encoding.UTF8.GetBytes(string.Join('\n', names)));
        foreach (var name in names)
        {
            if (name == _last) DurableFile.SyncFolder(_target);
            Directory.Move(Path.Combine(Content, name), Path.Combine(_target, name));
        }

        DurableFile.SyncFolder(_target);
    }

    /// <summary>Removes what was moved into a target that did not become whole.</summary>
    private static void TakeBack(string target, string root)
    {
        foreach (var path in Moved(root).Select(name => Path.Combine(target, name)))
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
    }

    private static string[] Moved(string root)
    {
        var file = Path.Combine(root, MovedName);
        return File.Exists(file) ? [.. File.ReadAllLines(file).Where(name => name == Path.GetFileName(name) && name.Length > 0)] : [];
    }

    private static AgentRuntimeException Taken(string target) =>
        new(ErrorCode.AlreadyExists, $"'{target}' is there already and is not overwritten. Name a new path.");

    private static AgentRuntimeException Busy(string target) =>
        new(ErrorCode.Unavailable, $"'{target}' is being written by another backup or restore. Wait for it to end, or name another path.", isTransient: true);
}
