namespace AgentRuntime.Runs;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Takes steps.</summary>
    Running = 1,

    /// <summary>Waits for an approval.</summary>
    WaitingForApproval = 2,

    /// <summary>Waits for a person's input: the model handed over.</summary>
    WaitingForInput = 3,

    /// <summary>Waits until a retry is due.</summary>
    WaitingForTimer = 4,

    /// <summary>Paused by a person or by its tenant's suspension.</summary>
    Paused = 5,

    /// <summary>Terminal: finished.</summary>
    Completed = 6,

    /// <summary>Terminal: cannot go on.</summary>
    Failed = 7,

    /// <summary>Terminal: cancelled or killed.</summary>
    Cancelled = 8,
}
