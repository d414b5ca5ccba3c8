using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Grains.Tests.Models.Recordings;

/// <summary>Streams one prepared answer after the other; an exception among the pieces is thrown where it stands.</summary>
internal sealed class PlayedModel(params object[][] answers) : IChatClient
{
    private readonly Queue<object[]> _answers = new(answers);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var piece in _answers.Dequeue())
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            if (piece is Exception failure) throw failure;
            yield return piece as ChatResponseUpdate ?? new ChatResponseUpdate(ChatRole.Assistant, [piece as AIContent ?? new TextContent((string)piece)]);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
