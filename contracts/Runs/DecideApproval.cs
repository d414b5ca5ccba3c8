using AgentRuntime.Approvals;
using AgentRuntime.Common;

namespace AgentRuntime.Runs;

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
