using AgentRuntime.Common;

namespace AgentRuntime.Approvals;

/// <summary>An approval with everything it binds.</summary>
/// <param name="Approval">Its id.</param>
/// <param name="Run">The run that waits.</param>
/// <param name="Agent">The agent of the run.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Step">Step of the call, from 1.</param>
/// <param name="Call">Index of the call in its step, from 0.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Risk">The contract's risk level.</param>
/// <param name="ContractHash">The contract that is bound.</param>
/// <param name="ArgumentsHash">SHA-256 of the arguments' JSON, 64 hex digits.</param>
/// <param name="PolicyHash">The policy set that asked for it.</param>
/// <param name="Arguments">The arguments as JSON, cut at 16 KiB; the hash binds the whole.</param>
/// <param name="RequestedBy">Identity of the requester, who cannot approve.</param>
/// <param name="RequiredPeople">How many people must approve.</param>
/// <param name="ApprovedBy">Identities that have approved so far.</param>
/// <param name="Reason">The last decision's reason.</param>
/// <param name="CreatedAt">When it was asked (UTC).</param>
/// <param name="ExpiresAt">When it expires (UTC).</param>
[GenerateSerializer, Immutable, Alias("agentruntime.approval.view")]
public sealed record ApprovalView(
    [property: Id(0)] ApprovalId Approval,
    [property: Id(1)] string Run,
    [property: Id(2)] string Agent,
    [property: Id(3)] ApprovalKind Kind,
    [property: Id(4)] ApprovalState State,
    [property: Id(5)] int Step,
    [property: Id(6)] int Call,
    [property: Id(7)] string Tool,
    [property: Id(8)] RiskLevel Risk,
    [property: Id(9)] string ContractHash,
    [property: Id(10)] string ArgumentsHash,
    [property: Id(11)] string PolicyHash,
    [property: Id(12)] string Arguments,
    [property: Id(13)] string RequestedBy,
    [property: Id(14)] int RequiredPeople,
    [property: Id(15)] IReadOnlyList<string> ApprovedBy,
    [property: Id(16)] string? Reason,
    [property: Id(17)] DateTimeOffset CreatedAt,
    [property: Id(18)] DateTimeOffset ExpiresAt);
