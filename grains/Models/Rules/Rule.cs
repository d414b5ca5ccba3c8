namespace AgentRuntime.Models.Rules;

/// <summary>When all conditions hold, do this.</summary>
internal sealed record Rule(string Name, IReadOnlyList<RuleCondition> When, RuleAction Then)
{
    /// <summary>The captures when the rule applies, else null.</summary>
    public Captures? Match(ConversationFacts facts)
    {
        var captures = new Captures();
        foreach (var condition in When)
            if (!condition.Holds(facts, captures)) return null;
        return captures;
    }
}

/// <summary>What a rule does. Closed.</summary>
internal abstract record RuleAction
{
    /// <summary>Asks for tool calls.</summary>
    public sealed record Call(IReadOnlyList<RuleCall> Calls) : RuleAction;

    /// <summary>Answers, which ends the run.</summary>
    public sealed record Answer(RuleTemplate Text) : RuleAction;

    /// <summary>Asks a person to go on.</summary>
    public sealed record Handover(RuleTemplate Text) : RuleAction;
}

/// <summary>One call that a rule asks for.</summary>
internal sealed record RuleCall(string Tool, IReadOnlyList<(string Name, ArgumentTemplate Value)> Arguments);
