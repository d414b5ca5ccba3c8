using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs.Sessions;

namespace AgentRuntime.Runs.Records;

/// <summary>The run exists: seq 0.</summary>
/// <param name="Requester">Who called Start.</param>
/// <param name="OnBehalfOf">The end user that the caller asserts; null for none.</param>
/// <param name="Agent">The agent.</param>
/// <param name="AgentVersion">The version of its definition.</param>
/// <param name="DefinitionHash">The definition's hash.</param>
/// <param name="Publisher">Identity of who published the definition.</param>
/// <param name="Tools">The tools with their contract hashes.</param>
/// <param name="PolicyHash">The policy in force.</param>
/// <param name="Model">The model route.</param>
/// <param name="Limits">The run's limits.</param>
/// <param name="RequestId">The caller's request id.</param>
/// <param name="BodyDigest">SHA-256 of the request's body, hex; the same request id with another digest is refused.</param>
/// <param name="Input">The first input.</param>
/// <param name="Place">Where the run stands in a conversation; null for a run outside one.</param>
/// <param name="History">What was said before in the conversation, oldest first; null for nothing.</param>
/// <param name="TraceParent">W3C <c>traceparent</c> of the span that asked for the run; null for none.</param>
public sealed record RunStarted(
    Principal Requester,
    string? OnBehalfOf,
    string Agent,
    int AgentVersion,
    string DefinitionHash,
    string Publisher,
    IReadOnlyList<AgentTool> Tools,
    string PolicyHash,
    string Model,
    RunLimits Limits,
    string RequestId,
    string BodyDigest,
    string Input,
    SessionPlace? Place = null,
    IReadOnlyList<SessionMessage>? History = null,
    string? TraceParent = null) : RunRecord;

/// <summary>
/// The run goes on from a place in another one: seq 1 of a fork. The records that were taken over follow in the same append.
/// </summary>
/// <param name="Parent">The run that it goes on from.</param>
/// <param name="AtSeq">The last record that was taken over.</param>
/// <param name="ParentHash">SHA-256 of that record's header, hex: it pins the whole part before it.</param>
/// <param name="Live">Whether the fork calls tools that change something; if not, the parent's records answer for them.</param>
/// <param name="Records">How many records were taken over.</param>
/// <param name="OpenStep">
/// The step whose at-most-once calls may have happened, because one was begun and its outcome was not taken over; 0 for none. A person says
/// what became of each before the fork makes it.
/// </param>
/// <param name="Excluded">Who may not decide in the fork, because they asked for what was taken over; null for nobody.</param>
public sealed record Forked(
    string Parent, long AtSeq, string ParentHash, bool Live, int Records, int OpenStep = 0, IReadOnlyList<string>? Excluded = null) : RunRecord;

/// <summary>A person or application gave input to a run that exists.</summary>
/// <param name="RequestId">The caller's request id; the same one again adds nothing.</param>
/// <param name="By">Who gave it.</param>
/// <param name="Text">The input.</param>
public sealed record InputReceived(string RequestId, string By, string Text) : RunRecord;

/// <summary>A limit stopped the run.</summary>
/// <param name="Limit">Name of the option, for example <c>maxSteps</c>.</param>
/// <param name="Value">What was reached.</param>
/// <param name="Max">What is allowed.</param>
public sealed record LimitReached(string Limit, long Value, long Max) : RunRecord;

/// <summary>The run takes no further step until it is resumed.</summary>
public sealed record RunPaused(string By, string Reason) : RunRecord;

/// <summary>The run goes on.</summary>
public sealed record RunResumed(string By, string Reason) : RunRecord;

/// <summary>
/// The run goes on in another data folder from here, made from a backup. What the cluster that the backup was taken from did after it is
/// unknown, so each later at-most-once call asks a person first whether it has happened.
/// </summary>
/// <param name="Cluster">The cluster that the backup was taken from.</param>
/// <param name="BackupAt">The point in time that the backup shows (UTC).</param>
public sealed record RunRestored(string Cluster, DateTimeOffset BackupAt) : RunRecord;

/// <summary>Somebody wants the run to stop; what runs is told to.</summary>
public sealed record CancelRequested(string By, string Reason) : RunRecord;

/// <summary>Somebody stops the run without waiting for what it is doing.</summary>
public sealed record KillRequested(string By, string Reason) : RunRecord;

/// <summary>Terminal: the agent finished.</summary>
/// <param name="Output">Its answer.</param>
public sealed record RunCompleted(string Output) : RunRecord;

/// <summary>Terminal: the run cannot go on.</summary>
/// <param name="Code">Why.</param>
/// <param name="Message">Culprit and fix.</param>
public sealed record RunFailed(ErrorCode Code, string Message) : RunRecord;

/// <summary>Terminal: the run was cancelled or killed.</summary>
public sealed record RunCancelled(string By, string Reason) : RunRecord;
