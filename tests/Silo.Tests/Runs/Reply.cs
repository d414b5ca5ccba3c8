using AgentRuntime.Models;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Answers for scripts.</summary>
internal static class Reply
{
    public static ChatResponse Text(string text) => new(new ChatMessage(ChatRole.Assistant, text));

    public static ChatResponse HandOver(string text) => new(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = FinishReasons.Handover };

    public static ChatResponse Call(string tool, object? n = null) => Calls((tool, n));

    public static ChatResponse Calls(params (string Tool, object? N)[] calls) => Calls(calls.Select((call, i) =>
        new FunctionCallContent($"c{i}", call.Tool, call.N is null ? null : new Dictionary<string, object?> { ["n"] = call.N })));

    public static ChatResponse Calls(IEnumerable<FunctionCallContent> calls) => new(new ChatMessage(ChatRole.Assistant, [.. calls]));

    /// <summary>A script: one call of each tool in turn, then the text <c>done</c>.</summary>
    public static Func<ModelTurn, Task<ChatResponse>> CallingThenDone(params string[] tools) =>
        turn => Task.FromResult(turn.Step <= tools.Length ? Call(tools[turn.Step - 1]) : Text("done"));

    /// <summary>A script that never answers and ends with its token.</summary>
    public static async Task<ChatResponse> Never(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException();
    }
}
