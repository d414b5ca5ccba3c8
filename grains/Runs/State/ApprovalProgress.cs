using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.State;

/// <summary>A pending approval and who has approved it so far.</summary>
internal sealed record ApprovalProgress(ApprovalRequested Request, DateTimeOffset CreatedAt, IReadOnlyList<string> ApprovedBy);
