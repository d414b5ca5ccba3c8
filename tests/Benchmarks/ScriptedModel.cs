using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Benchmarks;

/// <summary>Answers at once: a call of the tool until the run has made as many steps as its input says, then text.</summary>
internal sealed class ScriptedModel(BenchPayloads payloads) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var window = (IReadOnlyList<ChatMessage>)messages;
        var steps = int.Parse(window[1].Text, System.Globalization.CultureInfo.InvariantCulture);
        var taken = StepsTaken(window);
        if (taken >= steps) return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Done.")));
        var call = new FunctionCallContent(
            CallId(taken + 1), options!.Tools![0].Name, new Dictionary<string, object?> { ["data"] = payloads.Text() });
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [call])));
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

    private static string CallId(int step) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{step}");

    // The window forgets old turns, so that the step is read from the newest call's id.
    private static int StepsTaken(IReadOnlyList<ChatMessage> window)
    {
        for (var i = window.Count - 1; i >= 0; i--)
        {
            foreach (var content in window[i].Contents)
            {
                if (content is FunctionResultContent result)
                    return int.Parse(result.CallId.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
