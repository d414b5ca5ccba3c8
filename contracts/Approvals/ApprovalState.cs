namespace AgentRuntime.Approvals;

/// <summary>Where an approval stands. Every state but <see cref="Pending"/> is final.</summary>
public enum ApprovalState
{
    /// <summary>Waits for a person.</summary>
    Pending = 1,

    /// <summary>Approved, or resolved with an answer.</summary>
    Approved = 2,

    /// <summary>Denied by a person.</summary>
    Denied = 3,

    /// <summary>Nobody decided in time; counts as denied.</summary>
    Expired = 4,

    /// <summary>The run ended, or the outcome became known, before anyone decided.</summary>
    Withdrawn = 5,
}
