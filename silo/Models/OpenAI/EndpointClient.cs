using System.Runtime.CompilerServices;
using AgentRuntime.Models.Tokens;
using Microsoft.Extensions.AI;
using StreamingChatCompletionUpdate = OpenAI.Chat.StreamingChatCompletionUpdate;

namespace AgentRuntime.Models.OpenAI;

/// <summary>
/// The vendor's client with what a run needs of it: failures that name the model and say whether to try again, no answer taken for whole that
/// is not, and token counts where the endpoint reports none.
/// </summary>
internal sealed class EndpointClient(IChatClient inner, OpenAIModelOptions options, EndpointFailures failures) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var window = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var (isFinished, isCounted, produced) = (false, false, new List<AIContent>());
        await using var updates = base.GetStreamingResponseAsync(window, Bounded(options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates, cancellationToken))
        {
            var update = updates.Current;
            isFinished |= update.FinishReason is not null;
            // A refusal comes apart from the text; it is what the model says.
            if (update.RawRepresentation is StreamingChatCompletionUpdate { RefusalUpdate: { Length: > 0 } refusal }) update.Contents.Add(new TextContent(refusal));
            foreach (var content in update.Contents)
            {
                if (content is UsageContent) isCounted = true;
                else produced.Add(content);
            }

            yield return update;
        }

        if (!isFinished) throw failures.Unfinished();
        if (isCounted) yield break;
        var usage = new UsageDetails { InputTokenCount = window.Sum(TokenCounter.Count), OutputTokenCount = produced.Sum(TokenCounter.Count) };
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)]);
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellation)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            throw failures.Translate(failure);
        }
    }

    private ChatOptions? Bounded(ChatOptions? asked)
    {
        if (options.MaxOutputTokens is not { } max || asked?.MaxOutputTokens <= max) return asked;
        var bounded = asked?.Clone() ?? new ChatOptions();
        bounded.MaxOutputTokens = max;
        return bounded;
    }
}
