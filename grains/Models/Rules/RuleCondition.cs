namespace AgentRuntime.Models.Rules;

/// <summary>One thing that must hold for a rule. Closed; each fills what it captures.</summary>
internal abstract record RuleCondition
{
    /// <summary>The names that it captures when it holds.</summary>
    public virtual IReadOnlyList<string> Captured => [];

    public abstract bool Holds(ConversationFacts facts, Captures captures);

    /// <summary>The first input (the request that started the run), or else the last one, fits a pattern.</summary>
    public sealed record InputMatches(RulePattern Pattern, bool First) : RuleCondition
    {
        public override IReadOnlyList<string> Captured => Pattern.Captures;

        public override bool Holds(ConversationFacts facts, Captures captures) =>
            Pattern.Match(First ? facts.FirstInput : facts.LastInput, captures);
    }

    /// <summary>A tool has answered since the last reply, or input came.</summary>
    public sealed record After(string Event) : RuleCondition
    {
        public override bool Holds(ConversationFacts facts, Captures captures) => facts.LastEvents.Contains(Event);
    }

    /// <summary>A tool has been called so often, as far as the conversation shows.</summary>
    public sealed record Called(string Tool, CallCount Count) : RuleCondition
    {
        public override bool Holds(ConversationFacts facts, Captures captures) => Count.Holds(facts.CallsOf(Tool));
    }

    /// <summary>A part of the tool's last result fits a pattern.</summary>
    public sealed record ResultMatches(string Tool, JsonPath Path, RulePattern Pattern) : RuleCondition
    {
        public override IReadOnlyList<string> Captured => Pattern.Captures;

        public override bool Holds(ConversationFacts facts, Captures captures)
        {
            var text = Path.IsWhole
                ? facts.ResultOf(Tool)
                : facts.PartOf(Tool, Path) is { } part ? ConversationFacts.TextOf(part) : null;
            return text is not null && Pattern.Match(text, captures);
        }
    }

    /// <summary>A part of the tool's last result is there, and is captured as it is.</summary>
    public sealed record Take(string Name, string Tool, JsonPath Path) : RuleCondition
    {
        public override IReadOnlyList<string> Captured => [Name];

        public override bool Holds(ConversationFacts facts, Captures captures)
        {
            if (facts.PartOf(Tool, Path) is not { } part) return false;
            captures.Set(Name, part);
            return true;
        }
    }
}
