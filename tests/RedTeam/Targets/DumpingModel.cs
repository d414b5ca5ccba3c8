using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentRuntime.RedTeam.Targets;

/// <summary>A model that has its tool called many times at once, and then is done: a run with much to tell.</summary>
internal sealed class DumpingModel : IChatClient
{
    public const int Calls = 16;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatMessage reply = messages.Any(message => message.Role == ChatRole.Tool)
            ? new(ChatRole.Assistant, "done")
            : new(ChatRole.Assistant, [.. Enumerable.Range(0, Calls).Select(i => new FunctionCallContent($"c{i}", "dump", new Dictionary<string, object?>()))]);

        // It says what it cost, so that nobody counts.
        return Task.FromResult(new ChatResponse(reply) { Usage = new UsageDetails { InputTokenCount = 1, OutputTokenCount = 1 } });
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
}
