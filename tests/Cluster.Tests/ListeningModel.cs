using System.Runtime.CompilerServices;
using AgentRuntime.Models;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Asks for the next input, whatever was said; <c>end</c> ends the run.</summary>
internal sealed class ListeningModel : IChatClient
{
    public const string Name = "listening";
    public const string End = "end";

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Go on.")));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        var isEnd = messages.Last().Text == End;
        yield return new ChatResponseUpdate(ChatRole.Assistant, "Go on.") { FinishReason = isEnd ? ChatFinishReason.Stop : FinishReasons.Handover };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
