namespace AgentRuntime.Runs.Index;

/// <summary>Which runs of a tenant a page shows. What is null matches all.</summary>
/// <param name="Limit">Runs at most.</param>
internal sealed record RunQuery(int Limit)
{
    public RunStatus? Status { get; init; }

    public string? Agent { get; init; }

    /// <summary>Started at that time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Started earlier.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>In the order of their start; the newest comes first if not.</summary>
    public bool IsOldestFirst { get; init; }

    /// <summary>The place after which the page begins, as the page before it said; null begins with the first.</summary>
    public long? After { get; init; }
}
