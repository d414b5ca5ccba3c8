using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace AgentRuntime.Hosting.Tls;

/// <summary>The bytes of a connection as a stream, for <see cref="System.Net.Security.SslStream"/>, which reads and writes one at a time and asynchronously. Disposal ends both ways.</summary>
internal sealed class PipeStream(IDuplexPipe pipe) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>With no room in <paramref name="buffer"/> it waits until there is something to read.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await pipe.Input.ReadAsync(cancellationToken);
        var read = result.Buffer;
        var consumed = read.Start;
        try
        {
            // Orleans ends a connection so.
            if (result.IsCanceled) throw new OperationCanceledException();
            var part = read.Slice(0, Math.Min(read.Length, buffer.Length));
            part.CopyTo(buffer.Span);
            consumed = part.End;
            return (int)part.Length;
        }
        finally
        {
            pipe.Input.AdvanceTo(consumed);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await pipe.Output.WriteAsync(buffer, cancellationToken);
        if (result.IsCanceled) throw new OperationCanceledException();
        if (result.IsCompleted) throw new IOException("The connection has ended.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // What is written is flushed.
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await pipe.Input.CompleteAsync();
        await pipe.Output.CompleteAsync();
        await base.DisposeAsync();
    }
}
