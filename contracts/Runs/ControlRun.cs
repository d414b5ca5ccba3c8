using AgentRuntime.Common;

namespace AgentRuntime.Runs;

/// <summary>Pauses, resumes, cancels or kills a run. Doing so again changes nothing.</summary>
/// <param name="Control">What to do.</param>
/// <param name="Reason">Why; at most 1,000 characters.</param>
/// <param name="By">The caller.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.control")]
public sealed record ControlRun([property: Id(0)] RunControl Control, [property: Id(1)] string Reason, [property: Id(2)] Principal By);
