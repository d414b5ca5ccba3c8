namespace AgentRuntime.Approvals;

/// <summary>What a person is asked.</summary>
public enum ApprovalKind
{
    /// <summary>May this call be made?</summary>
    Call = 1,

    /// <summary>The outcome of this at-most-once call is unknown: what happened?</summary>
    Resolve = 2,
}
