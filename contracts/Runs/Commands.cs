using AgentRuntime.Approvals;
using AgentRuntime.Common;

namespace AgentRuntime.Runs;

/// <summary>Starts a run.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="AgentVersion">The version; 0 is the newest.</param>
/// <param name="Input">The first input, at most 1 MiB.</param>
/// <param name="RequestId">The caller's request id; the run id follows from it, see <see cref="RunIds"/>.</param>
/// <param name="By">The caller.</param>
/// <param name="OnBehalfOf">The end user that the caller asserts; null for none.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.start")]
public sealed record StartRun(
    [property: Id(0)] string Agent,
    [property: Id(1)] int AgentVersion,
    [property: Id(2)] string Input,
    [property: Id(3)] string RequestId,
    [property: Id(4)] Principal By,
    [property: Id(5)] string? OnBehalfOf = null);

/// <summary>Gives input to a run.</summary>
/// <param name="Text">The input, at most 1 MiB.</param>
/// <param name="RequestId">The caller's request id; the same one again adds nothing.</param>
/// <param name="By">The caller.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.send")]
public sealed record SendInput([property: Id(0)] string Text, [property: Id(1)] string RequestId, [property: Id(2)] Principal By);

/// <summary>What to do with a run.</summary>
public enum RunControl
{
    /// <summary>Take no further step until resumed.</summary>
    Pause = 1,

    /// <summary>Go on.</summary>
    Resume = 2,

    /// <summary>Stop; tell what runs to stop.</summary>
    Cancel = 3,

    /// <summary>Stop at once.</summary>
    Kill = 4,
}

/// <summary>Pauses, resumes, cancels or kills a run. Doing so again changes nothing.</summary>
/// <param name="Control">What to do.</param>
/// <param name="Reason">Why; at most 1,000 characters.</param>
/// <param name="By">The caller.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.control")]
public sealed record ControlRun([property: Id(0)] RunControl Control, [property: Id(1)] string Reason, [property: Id(2)] Principal By);

/// <summary>Decides an approval of a run.</summary>
/// <param name="Approval">The approval.</param>
/// <param name="Verdict">The answer.</param>
/// <param name="Reason">Why; 1 to 1,000 characters.</param>
/// <param name="Result">The result (verdict Happened), as the tool's output schema wants it.</param>
/// <param name="By">The person.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.decide")]
public sealed record DecideApproval(
    [property: Id(0)] ApprovalId Approval,
    [property: Id(1)] ApprovalVerdict Verdict,
    [property: Id(2)] string Reason,
    [property: Id(3)] string? Result,
    [property: Id(4)] Principal By);
