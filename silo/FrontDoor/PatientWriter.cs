using Grpc.Core;

namespace AgentRuntime.FrontDoor;

/// <summary>
/// A stream to a reader who has to read: whoever takes nothing for too long has the stream broken off, and with it the message that the silo holds for them.
/// HTTP/2's flow control alone would hold it as long as they like.
/// </summary>
internal sealed class PatientWriter<T>(IServerStreamWriter<T> target, HttpContext http, TimeSpan patience, TimeProvider time) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => target.WriteOptions;
        set => target.WriteOptions = value;
    }

    public Task WriteAsync(T message) => Bounded(target.WriteAsync(message));

    public Task WriteAsync(T message, CancellationToken cancellationToken) => Bounded(target.WriteAsync(message, cancellationToken));

    private Task Bounded(Task write) => write.IsCompleted ? write : WaitAsync(write);

    private async Task WaitAsync(Task write)
    {
        try
        {
            await write.WaitAsync(patience, time);
        }
        catch (TimeoutException slow) when (!write.IsCompleted)
        {
            http.Abort();

            // The message is given back before the place is; that its write has failed is no news.
            await Task.WhenAny(write);
            throw new OperationCanceledException("The reader took nothing for too long.", slow);
        }
    }
}
