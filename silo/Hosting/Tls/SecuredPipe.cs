using System.IO.Pipelines;
using System.Net.Security;

namespace AgentRuntime.Hosting.Tls;

/// <summary>The clear side of a secured connection. A connection that waits for its peer holds no buffers.</summary>
internal sealed class SecuredPipe(SslStream tls) : IDuplexPipe
{
    // A record of TLS holds as much (RFC 8446, section 5.1).
    private const int RecordBytes = 16 * 1024;

    public PipeReader Input { get; } = PipeReader.Create(tls, new StreamPipeReaderOptions(bufferSize: RecordBytes, minimumReadSize: RecordBytes / 4, leaveOpen: true, useZeroByteReads: true));

    public PipeWriter Output { get; } = PipeWriter.Create(tls, new StreamPipeWriterOptions(minimumBufferSize: RecordBytes, leaveOpen: true));
}
