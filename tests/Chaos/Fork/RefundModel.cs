using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Chaos.Fork;

/// <summary>Looks an order up, refunds it, and says so.</summary>
internal sealed class RefundModel : IChatClient
{
    public const string Name = "refunder";

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var replies = messages.Count(message => message.Role == ChatRole.Assistant);
        AIContent next = replies switch
        {
            0 => Call("look"),
            1 => Call("refund"),
            _ => new TextContent("refunded"),
        };
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [next])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static FunctionCallContent Call(string tool) => new($"call-{tool}", tool, new Dictionary<string, object?> { ["order"] = 7 });
}
