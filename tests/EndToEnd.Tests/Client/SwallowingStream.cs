namespace AgentRuntime.EndToEnd.Tests.Client;

/// <summary>A connection that from some moment on takes everything and gives nothing, like one to a machine that is gone without a word.</summary>
internal sealed class SwallowingStream(Stream connection) : Stream
{
    private readonly TaskCompletionSource<int> _isClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _swallows;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Swallow() => _swallows = true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await connection.ReadAsync(buffer, cancellationToken);
        return _swallows ? await _isClosed.Task.WaitAsync(cancellationToken) : read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _swallows ? ValueTask.CompletedTask : connection.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _swallows ? Task.CompletedTask : connection.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _isClosed.TrySetResult(0);
        if (disposing) connection.Dispose();
        base.Dispose(disposing);
    }
}
