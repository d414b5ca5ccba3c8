using AgentRuntime.Agents;
using AgentRuntime.Models.Tokens;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.State;

/// <summary>Cuts texts and counts tokens as a definition's window says. Without a bound on tokens none are counted: it is what costs most.</summary>
internal sealed class WindowMeasure(ContextWindow limits)
{
    private const int MarkTokens = 16;

    private readonly bool _counts = limits.MaxTokens > 0;

    /// <summary>What one message, all pinned inputs and a summary may each have.</summary>
    public int ShareTokens { get; } = limits.MaxTokens > 0 ? limits.MaxTokens / ContextWindowRules.Shares : int.MaxValue;

    /// <summary>The text, or its beginning with a mark.</summary>
    /// <param name="text">The text.</param>
    /// <param name="among">How many texts share one message's tokens.</param>
    public string Cut(string text, int among = 1)
    {
        var kept = text.Length <= limits.MaxMessageChars ? text : text[..limits.MaxMessageChars];
        if (_counts) kept = TokenCounter.Cut(kept, Math.Max(1, ShareTokens / among - MarkTokens));
        return kept.Length == text.Length ? text : $"{kept}\n[cut: {text.Length - kept.Length} more characters]";
    }

    /// <summary>Whether a text of so many bytes is surely not cut: no text has more characters or tokens than bytes.</summary>
    public bool Fits(int utf8Bytes, int among) => utf8Bytes <= limits.MaxMessageChars && (!_counts || utf8Bytes <= ShareTokens / among - MarkTokens);

    public int Count(ChatMessage message) => _counts ? TokenCounter.Count(message) : 0;

    public WindowTurn Count(WindowTurn turn) => _counts ? turn with { Tokens = turn.Messages.Sum(TokenCounter.Count) } : turn;
}
