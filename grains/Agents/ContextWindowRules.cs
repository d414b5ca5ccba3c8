using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>The ranges of <see cref="ContextWindow"/>.</summary>
internal static class ContextWindowRules
{
    /// <summary>One message, the pinned inputs together, and a summary each get at most this part of the tokens, so that the newest turn has room.</summary>
    public const int Shares = 8;

    /// <exception cref="InvalidInputException">A part is out of its range; the message names it.</exception>
    public static void Check(ContextWindow context, string instructions)
    {
        Require("lastTurns", context.LastTurns, 1, 200);
        Require("maxMessageChars", context.MaxMessageChars, 256, 1_000_000);
        if (context.MaxTokens != 0) Require("maxTokens", context.MaxTokens, 1_024, 10_000_000);
        Require("pinnedInputs", context.PinnedInputs, 0, 50);
        if (context.SummaryTokens != 0) Require("summaryTokens", context.SummaryTokens, 64, 8_192);
        if (context.MaxTokens == 0) return;
        if (context.SummaryTokens > context.MaxTokens / Shares)
            throw new InvalidInputException("context.summaryTokens", $"must be at most an eighth of maxTokens, {context.MaxTokens / Shares}, not {context.SummaryTokens}.");
        if (instructions.Length > context.MaxTokens)
            throw new InvalidInputException("context.maxTokens", $"must be at least {instructions.Length}, one for each character of the instructions, not {context.MaxTokens}.");
    }

    private static void Require(string name, int value, int min, int max)
    {
        if (value < min || value > max) throw new InvalidInputException($"context.{name}", $"must be {min} to {max}, not {value}.");
    }
}
