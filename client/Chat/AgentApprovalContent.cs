using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>
/// A call of a tool that waits for a person's decision. Who started the run cannot decide it, so this is for showing: an approver decides with
/// <see cref="AgentRuntimeClient.DecideApprovalAsync"/> or agentctl.
/// </summary>
public sealed class AgentApprovalContent : AIContent
{
    /// <summary>The approval, <c>tenants/{tenant}/approvals/{approval}</c>.</summary>
    public required string Approval { get; init; }

    /// <summary>The tool, by its id.</summary>
    public required string Tool { get; init; }

    /// <summary>The tool's risk level: <c>WriteHigh</c> or <c>Critical</c>, or the one of an at-most-once call whose outcome a crash has hidden.</summary>
    public required string Risk { get; init; }

    /// <summary>Whether the question is what became of a call, not whether to make it.</summary>
    public required bool AsksForOutcome { get; init; }

    /// <summary>The call's arguments as JSON text; empty when they were erased.</summary>
    public required string ArgumentsJson { get; init; }

    /// <summary>When it expires, which denies.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
