namespace AgentRuntime.Runs.Records;

/// <summary>A model answered: this begins step <see cref="Step"/>.</summary>
/// <param name="Step">1, 2, 3 ...</param>
/// <param name="Attempt">Which attempt answered, from 1.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Text">What it said; null for nothing.</param>
/// <param name="Calls">What it asked for; empty ends the run, unless <paramref name="NeedsPerson"/>.</param>
/// <param name="InputTokens">As the vendor reports, or as o200k_base counts where an endpoint reports nothing.</param>
/// <param name="OutputTokens">As the input's.</param>
/// <param name="NeedsPerson">The model hands over: the run waits for input.</param>
public sealed record ModelReplied(
    int Step,
    int Attempt,
    string Model,
    string? Text,
    IReadOnlyList<RequestedCall> Calls,
    long InputTokens,
    long OutputTokens,
    bool NeedsPerson = false) : RunRecord;

/// <summary>The model summarised the older part of the conversation; it sees the summary in place of that part from here on.</summary>
/// <param name="Step">The step that comes next.</param>
/// <param name="Attempt">Which attempt gave it, from 1.</param>
/// <param name="Model">The model that wrote it.</param>
/// <param name="Text">The summary.</param>
/// <param name="KeptTurns">The newest turns that are still shown as they are.</param>
/// <param name="InputTokens">As the vendor reports, or as o200k_base counts where an endpoint reports nothing.</param>
/// <param name="OutputTokens">As the input's.</param>
public sealed record ContextSummarized(
    int Step, int Attempt, string Model, string Text, int KeptTurns, long InputTokens, long OutputTokens) : RunRecord;

/// <summary>An attempt of a model call (<see cref="Call"/> is null) or a tool call failed.</summary>
/// <param name="Step">The step; for a model call the one it would have begun.</param>
/// <param name="Call">Index of the call, or null for the model.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Code">Why.</param>
/// <param name="Message">Culprit and fix.</param>
/// <param name="IsTransient">Whether it is worth another attempt.</param>
/// <param name="RetryAt">When the next attempt is due (UTC); null for none.</param>
public sealed record AttemptFailed(
    int Step, int? Call, int Attempt, ErrorCode Code, string Message, bool IsTransient, DateTimeOffset? RetryAt) : RunRecord;

/// <summary>The silo that may have been making an attempt is gone, and the attempt with it.</summary>
/// <param name="Step">The step; for a model call the one it would have begun.</param>
/// <param name="Call">Index of the call, or null for the model.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="PreviousOwner">The silo generation that is gone.</param>
/// <param name="Owner">The silo generation that goes on.</param>
public sealed record AttemptLost(int Step, int? Call, int Attempt, string PreviousOwner, string Owner) : RunRecord;

/// <summary>The gateway decided on a call other than to make it at once.</summary>
/// <param name="Step">The step.</param>
/// <param name="Call">Index of the call.</param>
/// <param name="Tool">The tool.</param>
/// <param name="ContractHash">The contract; empty when there is none.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Reason">Why, as the model is told.</param>
/// <param name="PolicyHash">The policy that decided.</param>
public sealed record ToolDecided(
    int Step, int Call, string Tool, string ContractHash, ToolDecision Decision, string Reason, string PolicyHash) : RunRecord;

/// <summary>An at-most-once call is about to be made.</summary>
/// <param name="Step">The step.</param>
/// <param name="Call">Index of the call.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Owner">The silo generation that makes it.</param>
/// <param name="Deadline">It is not sent after this time (UTC).</param>
/// <param name="ContractHash">The contract.</param>
public sealed record ToolStarted(
    int Step, int Call, int Attempt, string Owner, DateTimeOffset Deadline, string ContractHash) : RunRecord;

/// <summary>The outcome of a call is known. It was made under the contract that the run pins and the policy it was started with.</summary>
/// <param name="Step">The step.</param>
/// <param name="Call">Index of the call.</param>
/// <param name="Attempt">Which attempt, from 1; 0 when no attempt was made.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Result">The result, or the error as the model is told.</param>
/// <param name="EnteredBy">The person who entered the result of an unknown outcome; else null.</param>
/// <param name="FromRun">The run whose record answered, in a fork that does not call; else null.</param>
public sealed record ToolReturned(
    int Step,
    int Call,
    int Attempt,
    ToolOutcomeKind Outcome,
    string Result,
    string? EnteredBy = null,
    string? FromRun = null) : RunRecord;
