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
        var (produced, finish, usage) = (new List<AIContent>(), (ChatFinishReason?)null, (UsageDetails?)null);
        await using var updates = base.GetStreamingResponseAsync(window, Bounded(options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates, cancellationToken))
        {
            var update = updates.Current;
            finish = update.FinishReason ?? finish;
            // A refusal comes apart from the text; it is what the model says.
            if (update.RawRepresentation is StreamingChatCompletionUpdate { RefusalUpdate: { Length: > 0 } refusal }) update.Contents.Add(new TextContent(refusal));
            // Some endpoints say with every piece what was used so far.
            if (update.Contents.OfType<UsageContent>().LastOrDefault() is { } used)
            {
                usage = used.Details;
                update.Contents = [.. update.Contents.Where(static content => content is not UsageContent)];
            }

            produced.AddRange(update.Contents);
            yield return update;
        }

        if (finish is null) throw failures.Unfinished();
        if (finish == ChatFinishReason.ToolCalls && !produced.OfType<FunctionCallContent>().Any()) throw failures.NamelessCalls();
        usage ??= new UsageDetails { InputTokenCount = window.Sum(TokenCounter.Count), OutputTokenCount = produced.Sum(TokenCounter.Count) };
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
