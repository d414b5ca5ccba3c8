using AgentRuntime.Approvals;
using AgentRuntime.Common;

namespace AgentRuntime.Runs.Records;

/// <summary>A person is asked. The approval binds everything named here and is single-use.</summary>
/// <param name="Approval">Its id.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Step">The step.</param>
/// <param name="Call">Index of the call.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Risk">The contract's risk level.</param>
/// <param name="ContractHash">The contract.</param>
/// <param name="ArgumentsHash">SHA-256 of the arguments' JSON, hex.</param>
/// <param name="PolicyHash">The policy that asked.</param>
/// <param name="RequiredPeople">How many people must approve.</param>
/// <param name="Excluded">Identities that cannot decide.</param>
/// <param name="ExpiresAt">When it expires (UTC).</param>
public sealed record ApprovalRequested(
    string Approval,
    ApprovalKind Kind,
    int Step,
    int Call,
    string Tool,
    RiskLevel Risk,
    string ContractHash,
    string ArgumentsHash,
    string PolicyHash,
    int RequiredPeople,
    IReadOnlyList<string> Excluded,
    DateTimeOffset ExpiresAt) : RunRecord;

/// <summary>A person decided.</summary>
/// <param name="Approval">The approval.</param>
/// <param name="Verdict">The answer.</param>
/// <param name="By">Identity of the person.</param>
/// <param name="Reason">Why, in the person's words.</param>
/// <param name="Result">The result that a person entered (verdict Happened); else null.</param>
/// <param name="AuthenticatedAt">When the person logged in (UTC).</param>
public sealed record ApprovalDecided(
    string Approval, ApprovalVerdict Verdict, string By, string Reason, string? Result, DateTimeOffset AuthenticatedAt) : RunRecord;

/// <summary>Nobody decided in time: denied.</summary>
/// <param name="Approval">The approval.</param>
public sealed record ApprovalExpired(string Approval) : RunRecord;
