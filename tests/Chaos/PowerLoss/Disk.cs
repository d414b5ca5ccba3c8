namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>
/// A disk that keeps only what it must: content that was synced, and names whose folder was synced after them. Real file systems keep
/// more, in their own order; a store that is right on this one is right on them.
/// </summary>
internal sealed class Disk(string root)
{
    private readonly DiskFolder _root = new();

    public void WriteAfterLoss(string path, Survivors survivors) => _root.WriteAfterLoss(path, survivors);

    public void Begin(Syscall call)
    {
        if (call.IsSync && Find(call.DescriptorAt(0)) is { } node)
            call.Mark = node is DiskFolder folder ? folder.Mark : ((DiskFile)node).Mark;
    }

    /// <summary>True when the call made something durable.</summary>
    public bool End(Syscall call)
    {
        if (call.Result < 0 || call.WasSwallowed)
            return false;
        if (call.IsSync)
            return Sync(call);

        switch (call.Name)
        {
            case "openat": Open(call.PathAt(1), call.Arguments[2]); break;
            case "pwrite64": Write(call.DescriptorAt(0), call.NumberAt(3), call.BytesAt(1)[..(int)call.Result]); break;
            case "ftruncate": Write(call.DescriptorAt(0), call.NumberAt(1), null); break;
            case "mkdir": Set(call.PathAt(0), new DiskFolder()); break;
            case "mkdirat": Set(call.PathAt(1), new DiskFolder()); break;
            case "rename": Rename(call.PathAt(0), call.PathAt(1)); break;
            case "renameat" or "renameat2": Rename(call.PathAt(1), call.PathAt(3)); break;
            case "link": Set(call.PathAt(1), Find(call.PathAt(0))); break;
            case "linkat": Set(call.PathAt(3), Find(call.PathAt(1))); break;
            case "unlink" or "rmdir": Set(call.PathAt(0), null); break;
            case "unlinkat": Set(call.PathAt(1), null); break;
            default: RefuseIfOurs(call); break;
        }

        return false;
    }

    private bool Sync(Syscall call)
    {
        switch (Find(call.DescriptorAt(0)))
        {
            case DiskFolder folder: folder.Sync(call.Mark); return true;
            case DiskFile file: file.Sync(call.Mark); return true;
            default: return false;
        }
    }

    private void Open(string path, string flags)
    {
        if (!flags.Contains("O_CREAT", StringComparison.Ordinal) && !flags.Contains("O_TRUNC", StringComparison.Ordinal))
            return;
        if (IsOurs(path) && Find(path) is null)
            Set(path, new DiskFile());
        else if (flags.Contains("O_TRUNC", StringComparison.Ordinal))
            Write(path, 0, null);
    }

    private void Write(string? path, long offset, byte[]? bytes)
    {
        if (Find(path) is DiskFile file)
            file.Change(new FileChange(offset, bytes));
        else if (path is not null && IsOurs(path))
            throw new InvalidOperationException($"The trace writes to {path}, which it never made.");
    }

    private void Rename(string from, string to)
    {
        if (!IsOurs(from) && !IsOurs(to))
            return;

        Set(to, Find(from) ?? throw new InvalidOperationException($"The trace renames {from}, which it never made."));
        Set(from, null);
    }

    private void Set(string path, object? node)
    {
        if (IsOurs(path) && Find(Path.GetDirectoryName(path)) is DiskFolder folder)
            folder.Set(Path.GetFileName(path), node);
    }

    private object? Find(string? path)
    {
        if (path is null || !(IsOurs(path) || path == root))
            return null;

        object? node = _root;
        foreach (var name in Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Where(name => name != "."))
            node = (node as DiskFolder)?.Find(name);
        return node;
    }

    // The index of the log is shared memory, built anew after a crash.
    private bool IsOurs(string path) => path.StartsWith(root + "/", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal);

    private void RefuseIfOurs(Syscall call)
    {
        if (call.Arguments.Any(argument => argument.Contains('<', StringComparison.Ordinal)) && call.DescriptorAt(0) is { } path && IsOurs(path))
            throw new InvalidOperationException($"The trace has a {call.Name} on {path}, which the model does not know.");
    }
}
