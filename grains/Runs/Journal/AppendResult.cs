namespace AgentRuntime.Runs.Journal;

/// <summary>What became of an append. A failure whose outcome is unknown is an exception instead, after reading back was tried.</summary>
internal abstract record AppendResult
{
    /// <summary>Durable: it survives power loss.</summary>
    public sealed record Appended(long RunNo) : AppendResult;

    /// <summary>Another writer has the seq; nothing was written. For a start: the run exists.</summary>
    public sealed record Fenced : AppendResult;

    /// <summary>The tenant has as many open runs as it may; nothing was written.</summary>
    public sealed record TooManyOpenRuns(int Open) : AppendResult;
}
