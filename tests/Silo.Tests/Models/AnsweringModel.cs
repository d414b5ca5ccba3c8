using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.Models;

/// <summary>Answers what a function makes of the messages it is shown. A request without tools asks for a summary.</summary>
internal sealed class AnsweringModel(
    Func<IReadOnlyList<ChatMessage>, Task<ChatResponse>> answer, Func<IReadOnlyList<ChatMessage>, CancellationToken, Task<ChatResponse>> summarise) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        options?.Tools is null ? summarise([.. messages], cancellationToken) : answer([.. messages]);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
