namespace AgentRuntime.Approvals;

/// <summary>What a person answers.</summary>
public enum ApprovalVerdict
{
    /// <summary>Make the call (kind Call).</summary>
    Approve = 1,

    /// <summary>Do not make the call (kind Call).</summary>
    Deny = 2,

    /// <summary>The call happened, and this is its result (kind Resolve).</summary>
    Happened = 3,

    /// <summary>The call did not happen; the run gets an error (kind Resolve).</summary>
    DidNotHappen = 4,

    /// <summary>The call did not happen; make it once more (kind Resolve).</summary>
    Retry = 5,
}
