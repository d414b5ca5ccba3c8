using AgentRuntime.Approvals;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>Starts a run.</summary>
internal sealed record StartCall(string Request, string Input);

/// <summary>The run is durable.</summary>
internal sealed record StartAnswer(string Run, long LastSeq);

/// <summary>An approval that waits.</summary>
internal sealed record PendingApproval(string Approval, string Run, ApprovalKind Kind, string Arguments);

/// <summary>A person's word on an approval.</summary>
internal sealed record DecideCall(string Run, string Approval, ApprovalVerdict Verdict, string? Result);
