namespace AgentRuntime.Mcp;

/// <summary>
/// Reads what a server writes and breaks off at a message that is larger than allowed, for whoever reads lines or events from it would otherwise
/// hold all of it, and at messages that follow each other faster than anybody answers them.
/// </summary>
internal sealed class BoundedStream(Stream inner, MessageLimit limit, int maxBytes, MessageRate rate, Action<Exception?>? onEnd = null) : Stream
{
    private long _message;
    private bool _lineIsBlank = true;
    private bool _isWithin;

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
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
            Count(buffer.Span[..read]);
        }
        catch (Exception fault)
        {
            onEnd?.Invoke(fault);
            throw;
        }

        if (read == 0) onEnd?.Invoke(null);
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
            if (line.ContainsAnyExcept((byte)'\r')) Begin();
            _message += line.Length;
            if (_message > maxBytes) throw new MessageTooLargeException(maxBytes);
            if (end < 0) return;
            if (limit == MessageLimit.Line || _lineIsBlank) (_message, _isWithin) = (0, false);
            _lineIsBlank = true;
            read = read[(end + 1)..];
        }
    }

    private void Begin()
    {
        _lineIsBlank = false;
        if (_isWithin) return;
        _isWithin = true;
        rate.Take();
    }
}
