using AgentRuntime.Approvals;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Loop;

/// <summary>The pure decider of a run: no clock, no I/O, no Orleans. The driver carries out what it decides and appends what came of it.</summary>
internal static class RunLoop
{
    /// <summary>After its deadline a call may still be under way for this long; then a person may be asked although its silo lives.</summary>
    public static readonly TimeSpan OutcomeMargin = TimeSpan.FromSeconds(5);

    /// <summary>No retry is further away than this. If one seems to be, the clock was set back and says nothing about it.</summary>
    public static readonly TimeSpan LongestRetryWait = TimeSpan.FromMinutes(11);

    /// <summary>What the run does next. Nothing may be in flight.</summary>
    public static RunDecision Decide(RunState state, in LoopInput input)
    {
        if (state.IsTerminal) return new RunDecision.Closed();
        if (state.Kill is { } kill) return Record(new RunCancelled(kill.By, kill.Reason));
        if (state.Cancel is { } cancel) return Record(new RunCancelled(cancel.By, cancel.Reason));
        if (state.IsHeld) return new RunDecision.Sleep(RunStatus.Paused, RunDecision.Sleep.Never);
        var limits = state.Start.Limits;
        var wallEnd = state.StartedAt.AddSeconds(limits.MaxWallSeconds) + state.Held;
        if (input.Now >= wallEnd) return Limit("maxWallSeconds", (long)(input.Now - state.StartedAt - state.Held).TotalSeconds, limits.MaxWallSeconds);
        if (state.Pause is not null) return new RunDecision.Sleep(RunStatus.Paused, wallEnd);
        if (state.Retries > limits.MaxRetriesPerRun) return Limit("maxRetriesPerRun", state.Retries, limits.MaxRetriesPerRun);
        if (state.Calls.Count > 0) return DecideCalls(state, input, wallEnd);
        if (state.NeedsPerson) return new RunDecision.Sleep(RunStatus.WaitingForInput, wallEnd);
        return DecideModel(state, input, wallEnd);
    }

    /// <summary>The records that end a run at a limit.</summary>
    public static RunRecord[] LimitRecords(string limit, long value, long max) =>
    [
        new LimitReached(limit, value, max),
        new RunFailed(ErrorCode.LimitExceeded, $"{limit}: {value} reached, {max} allowed. Raise the limit in the agent's definition, or make the task smaller."),
    ];

    private static RunDecision DecideModel(RunState state, in LoopInput input, DateTimeOffset wallEnd)
    {
        var limits = state.Start.Limits;
        if (state.Tokens > limits.MaxTokens) return Limit("maxTokens", state.Tokens, limits.MaxTokens);
        if (state.Steps >= limits.MaxSteps) return Limit("maxSteps", state.Steps, limits.MaxSteps);
        if (!IsDue(state.ModelRetryAt, input.Now)) return new RunDecision.Sleep(RunStatus.WaitingForTimer, Earlier(state.ModelRetryAt!.Value, wallEnd));
        var (step, attempt) = (state.Steps + 1, state.ModelAttemptsSpent + 1);
        return state.Window.NeedsSummary ? new RunDecision.Summarize(step, attempt) : new RunDecision.CallModel(step, attempt);
    }

    private static RunDecision DecideCalls(RunState state, in LoopInput input, DateTimeOffset wallEnd)
    {
        var wakeAt = wallEnd;
        var waitsForPerson = false;
        foreach (var call in state.Calls)
        {
            switch (call.Phase)
            {
                case CallPhase.Requested or CallPhase.Approved:
                    if (IsDue(call.RetryAt, input.Now)) return new RunDecision.CallTool(call, call.SpentAttempts + 1);
                    wakeAt = Earlier(call.RetryAt!.Value, wakeAt);
                    break;
                case CallPhase.AwaitingApproval or CallPhase.AwaitingResolution:
                    var expiresAt = call.Approval!.ExpiresAt;
                    if (expiresAt <= input.Now) return new RunDecision.Record(Expire(call));
                    wakeAt = Earlier(expiresAt, wakeAt);
                    waitsForPerson = true;
                    break;
                case CallPhase.Started:
                    var knownBy = call.Started!.Deadline + OutcomeMargin;
                    if (!input.LiveOwners.Contains(call.Started.Owner) || knownBy <= input.Now) return new RunDecision.AskOutcome(call);
                    wakeAt = Earlier(knownBy, wakeAt);
                    break;
                default:
                    break;
            }
        }

        return new RunDecision.Sleep(waitsForPerson ? RunStatus.WaitingForApproval : RunStatus.WaitingForTimer, wakeAt);
    }

    private static RunRecord[] Expire(CallState call)
    {
        var request = call.Approval!.Request;
        var isCall = request.Kind == ApprovalKind.Call;
        return
        [
            new ApprovalExpired(request.Approval),
            new ToolReturned(
                call.Step,
                call.Index,
                Attempt: call.SpentAttempts,
                isCall ? ToolOutcomeKind.NotMade : ToolOutcomeKind.Error,
                isCall
                    ? "The call was not made: nobody approved it in time."
                    : "The outcome of the call is unknown, and nobody said what happened."),
        ];
    }

    private static RunDecision.Record Limit(string limit, long value, long max) => new(LimitRecords(limit, value, max));

    private static RunDecision.Record Record(RunRecord record) => new([record]);

    private static bool IsDue(DateTimeOffset? retryAt, DateTimeOffset now) => retryAt is not { } due || due <= now || due - now > LongestRetryWait;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
