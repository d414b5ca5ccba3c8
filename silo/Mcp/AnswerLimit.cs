using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Mcp;

/// <summary>
/// Carries messages, but few answers to the server at once. The protocol's client answers each request of a server without waiting for the last
/// answer to be taken: a server that asks and does not read would fill the memory. What is too much stays unanswered.
/// </summary>
internal sealed class AnswerLimit(ITransport inner) : ITransport
{
    public const int MaxAtOnce = 16;

    private int _underWay;

    public string? SessionId => inner.SessionId;

    public ChannelReader<JsonRpcMessage> MessageReader => inner.MessageReader;

    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is not (JsonRpcResponse or JsonRpcError))
        {
            await inner.SendMessageAsync(message, cancellationToken);
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _underWay) <= MaxAtOnce) await inner.SendMessageAsync(message, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
