namespace AgentRuntime.Mcp;

/// <summary>
/// Reads what a server writes and breaks off at a message that is larger than allowed: whoever reads lines or events from it would otherwise
/// hold all of it.
/// </summary>
internal sealed class BoundedStream(Stream inner, MessageLimit limit, int maxBytes, Action? onEnd = null) : Stream
{
    private long _message;
    private bool _lineIsBlank = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = 0;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        finally
        {
            if (read == 0) onEnd?.Invoke();
        }

        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The protocol's client reads asynchronously.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> read)
    {
        while (!read.IsEmpty)
        {
            var end = limit == MessageLimit.Whole ? -1 : read.IndexOf((byte)'\n');
            var line = end < 0 ? read : read[..end];
            if (line.ContainsAnyExcept((byte)'\r')) _lineIsBlank = false;
            _message += line.Length;
            if (_message > maxBytes) throw new MessageTooLargeException(maxBytes);
            if (end < 0) return;
            if (limit == MessageLimit.Line || _lineIsBlank) _message = 0;
            _lineIsBlank = true;
            read = read[(end + 1)..];
        }
    }
}
