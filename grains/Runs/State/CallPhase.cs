namespace AgentRuntime.Runs.State;

/// <summary>Where a requested call stands.</summary>
internal enum CallPhase
{
    /// <summary>To be checked and made.</summary>
    Requested,

    /// <summary>Waits for a person's permission.</summary>
    AwaitingApproval,

    /// <summary>A person permitted it; it is made once.</summary>
    Approved,

    /// <summary>At-most-once: its start is recorded, its outcome is not.</summary>
    Started,

    /// <summary>At-most-once: a person is asked what happened.</summary>
    AwaitingResolution,

    /// <summary>Its outcome is recorded.</summary>
    Done,
}
