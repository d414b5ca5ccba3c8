using System.Runtime.CompilerServices;
using AgentRuntime.Chaos.Kill.Script;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>Speaks by the run's script: what it says is a function of the conversation that it is shown.</summary>
internal sealed class ScriptedModel : IChatClient
{
    private const int MaxThoughtMs = 8;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var window = messages.ToList();
        var script = RunScript.Parse(window[1].Text);
        var (step, link) = Follow(window);
        await Task.Delay(Dice.Roll(MaxThoughtMs, script.Seed, script.Run, step, 5), cancellationToken);
        if (step > script.Steps) return new ChatResponse(new ChatMessage(ChatRole.Assistant, link));
        List<AIContent> calls = [.. script.CallsOf(step, link).Select(call => new FunctionCallContent($"{call.Step}-{call.Call}", call.Tool.Name, call.ToArguments()))];
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, calls));
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

    /// <summary>The step that comes next and the link to it, from the newest turn.</summary>
    private static (int Step, string Link) Follow(List<ChatMessage> window)
    {
        var turn = window.FindLastIndex(message => message.Role == ChatRole.Assistant);
        if (turn < 0) return (1, RunScript.FirstLink);
        var calls = window[turn].Contents.OfType<FunctionCallContent>().ToList();
        var link = calls[0].Arguments!["link"]!.ToString()!;
        var results = window.Skip(turn + 1).SelectMany(message => message.Contents.OfType<FunctionResultContent>())
            .ToDictionary(result => result.CallId, result => result.Result!.ToString()!);
        var step = int.Parse(calls[0].CallId.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);
        return (step + 1, RunScript.NextLink(link, calls.Select(call => results[call.CallId])));
    }
}
