namespace AgentRuntime.Models.Rules;

/// <summary>Bounds of a rule set, so that one reply costs a known amount whatever the conversation holds.</summary>
internal static class RuleLimits
{
    public const int MaxRules = 1_000;
    public const int MaxPatternChars = 4_000;
    public const int MaxTemplateChars = 16 * 1024;
    public const int MaxCallsInReply = 16;

    /// <summary>Characters of a text that a pattern or a capture sees; what comes after is not looked at.</summary>
    public const int MaxTextChars = 64 * 1024;
}
