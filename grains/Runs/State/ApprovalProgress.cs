using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.State;

/// <summary>A pending approval and who has approved it so far.</summary>
internal sealed record ApprovalProgress(ApprovalRequested Request, DateTimeOffset CreatedAt, IReadOnlyList<string> ApprovedBy)
{
    /// <summary>Later than was asked for by the time that a restored run was held.</summary>
    public DateTimeOffset ExpiresAt { get; init; } = Request.ExpiresAt;
}
