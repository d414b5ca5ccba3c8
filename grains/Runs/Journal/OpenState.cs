namespace AgentRuntime.Runs.Journal;

/// <summary>What a run still owes.</summary>
internal enum OpenState
{
    /// <summary>A step: its owner works on it.</summary>
    Runnable = 1,

    /// <summary>Nothing until it is woken.</summary>
    Waiting = 2,

    /// <summary>Nothing any more: it has left the index.</summary>
    Closed = 3,
}
