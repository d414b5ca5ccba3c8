using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.State;

/// <summary>One call of the current step.</summary>
internal sealed class CallState(int step, int index, RequestedCall requested)
{
    public int Step { get; } = step;

    public int Index { get; } = index;

    public RequestedCall Requested { get; } = requested;

    public CallPhase Phase { get; set; }

    /// <summary>Attempts that failed or were lost.</summary>
    public int SpentAttempts { get; set; }

    /// <summary>Those of them that failed; the others were lost with their silo.</summary>
    public int Failures { get; set; }

    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>The start of the attempt whose outcome is open.</summary>
    public ToolStarted? Started { get; set; }

    /// <summary>The approval that is pending, or that permitted the call.</summary>
    public ApprovalProgress? Approval { get; set; }

    /// <summary>A person said that the call has not happened and is to be made.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Approvals asked for this call so far; makes their ids distinct.</summary>
    public int ApprovalCount { get; set; }

    public bool IsDone => Phase == CallPhase.Done;
}
