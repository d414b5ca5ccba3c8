using AgentRuntime.Approvals;

namespace AgentRuntime.Runs.Index;

/// <summary>One page of the inbox.</summary>
/// <param name="Approvals">The approvals.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
internal sealed record ApprovalPage(IReadOnlyList<ApprovalView> Approvals, string? Next);
