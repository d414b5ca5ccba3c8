namespace AgentRuntime.Tools.JsonSchema;

internal enum NumberBoundKind
{
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    MultipleOf,
}

/// <summary>One keyword for numbers, in the forms it is compared in: exact always, as decimal or whole number where it is one.</summary>
internal sealed record NumberBound(NumberBoundKind Kind, string Text, ExactNumber Exact, decimal? Small, long? Whole)
{
    public string Keyword => Kind switch
    {
        NumberBoundKind.Minimum => "minimum",
        NumberBoundKind.Maximum => "maximum",
        NumberBoundKind.ExclusiveMinimum => "exclusiveMinimum",
        NumberBoundKind.ExclusiveMaximum => "exclusiveMaximum",
        _ => "multipleOf",
    };

    /// <summary>Whether a number that compares so with the bound keeps it.</summary>
    public bool Holds(int comparison) => Kind switch
    {
        NumberBoundKind.Minimum => comparison >= 0,
        NumberBoundKind.Maximum => comparison <= 0,
        NumberBoundKind.ExclusiveMinimum => comparison > 0,
        _ => comparison < 0,
    };

    public string Describe() => Kind switch
    {
        NumberBoundKind.Minimum => $"must be at least {Text}",
        NumberBoundKind.Maximum => $"must be at most {Text}",
        NumberBoundKind.ExclusiveMinimum => $"must be above {Text}",
        NumberBoundKind.ExclusiveMaximum => $"must be below {Text}",
        _ => $"must be a multiple of {Text}",
    };
}
