namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>A write at an offset, or a cut to a length when there are no bytes.</summary>
internal sealed record FileChange(long Offset, byte[]? Bytes);

/// <summary>A file on the model disk.</summary>
internal sealed class DiskFile : DiskNode<FileChange>
{
    /// <summary>What a disk writes whole: a larger write may be torn between two of these.</summary>
    private const int SectorBytes = 512;

    private byte[] _content = [];

    /// <summary>The content after a power loss in which <paramref name="survivors"/> decides what of the unsynced writes reached the disk.</summary>
    public byte[] ContentAfterLoss(Survivors survivors)
    {
        var content = _content;
        foreach (var change in Pending)
        {
            var bytes = change.Bytes is { } written ? survivors.Torn(written, SectorBytes) : null;
            if (survivors.Keeps() && (change.Bytes is null || bytes is { Length: > 0 }))
                content = Apply(content, change with { Bytes = bytes });
        }

        return content;
    }

    protected override void Settle(FileChange change) => _content = Apply(_content, change);

    private static byte[] Apply(byte[] content, FileChange change)
    {
        var length = change.Bytes is { } bytes ? Math.Max(content.Length, change.Offset + bytes.Length) : change.Offset;
        var changed = new byte[length];
        content.AsSpan(0, (int)Math.Min(content.Length, length)).CopyTo(changed);
        change.Bytes?.CopyTo(changed, change.Offset);
        return changed;
    }
}
