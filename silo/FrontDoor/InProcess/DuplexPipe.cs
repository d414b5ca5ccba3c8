using System.IO.Pipelines;

namespace AgentRuntime.FrontDoor.InProcess;

/// <summary>One end of a connection.</summary>
internal sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe
{
    /// <summary>How much one end writes before it waits for the other to read.</summary>
    private const int MaxUnreadBytes = 1024 * 1024;

    /// <summary>Both ends.</summary>
    public static (DuplexPipe Server, DuplexPipe Client) CreatePair()
    {
        var options = new PipeOptions(pauseWriterThreshold: MaxUnreadBytes, resumeWriterThreshold: MaxUnreadBytes / 2, useSynchronizationContext: false);
        var (toServer, toClient) = (new Pipe(options), new Pipe(options));
        return (new DuplexPipe(toServer.Reader, toClient.Writer), new DuplexPipe(toClient.Reader, toServer.Writer));
    }
}
