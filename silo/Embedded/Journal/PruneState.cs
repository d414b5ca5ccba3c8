namespace AgentRuntime.Embedded.Journal;

/// <summary>How much of a run is left, as stored.</summary>
internal enum PruneState
{
    /// <summary>Everything.</summary>
    Whole = 0,

    /// <summary>Its retention has ended: it is shown to nobody, and its artifacts and payloads are being destroyed.</summary>
    Begun = 1,

    /// <summary>The headers of its records, and its row.</summary>
    Pruned = 2,
}
