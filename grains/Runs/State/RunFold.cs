using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.State;

/// <summary>Applies records to a state. Pure but for the state it is given: the same records give the same state.</summary>
internal static class RunFold
{
    public static void Apply(RunState state, RunRecord record, long seq, DateTimeOffset time)
    {
        state.LastSeq = seq;
        switch (record)
        {
            case RunStarted started:
                state.Start = started;
                state.StartedAt = time;
                break;
            case Forked forked:
                state.Fork = forked;
                break;
            case InputReceived input:
                ApplyInput(state, input, seq);
                break;
            case ModelReplied reply:
                ApplyReply(state, reply, seq);
                break;
            case ContextSummarized summary:
                ApplySummary(state, summary, seq);
                break;
            case AttemptFailed failed:
                if (IsCurrent(state, failed)) ApplySpentAttempt(state, failed.Step, failed.Call, failed.RetryAt, failures: 1);
                break;
            case AttemptLost lost:
                ApplySpentAttempt(state, lost.Step, lost.Call, null, failures: 0);
                break;
            case ToolDecided:
                break;
            case ToolStarted started:
                ApplyStarted(state, started);
                break;
            case ToolReturned returned:
                ApplyReturned(state, returned);
                break;
            case ApprovalRequested requested:
                ApplyRequested(state, requested, time);
                break;
            case ApprovalDecided decided:
                ApplyDecided(state, decided);
                break;
            case ApprovalExpired expired:
                if (state.FindApproval(expired.Approval) is { } late) late.Approval = null;
                break;
            case LimitReached limit:
                state.Limit = limit;
                break;
            case RunPaused pause:
                state.Pause = pause;
                break;
            case RunResumed:
                ApplyResumed(state, time);
                break;
            case RunRestored restored:
                ApplyRestored(state, restored, seq, time);
                break;
            case CancelRequested cancel:
                state.Cancel = cancel;
                break;
            case KillRequested kill:
                state.Kill = kill;
                break;
            case RunCompleted or RunFailed or RunCancelled:
                state.End = record;
                state.EndedAt = time;
                state.Calls.Clear();
                break;
            default:
                throw new InvalidOperationException($"No fold for {record.GetType().Name}.");
        }
    }

    // What a silo says late of an attempt that was given up says nothing of the attempt that is open.
    private static bool IsCurrent(RunState state, AttemptFailed failed) =>
        failed.Call is not { } index || state.FindCall(failed.Step, index)?.Started is not { } started || started.Attempt == failed.Attempt;

    private static void ApplyInput(RunState state, InputReceived input, long seq)
    {
        // A request that was made to the run before the fork is another one than a request to the fork.
        if (!IsTakenOver(state, seq)) Remember(state, RememberedSend.Of(input.RequestId, input.Text));
        state.LastInputSeq = seq;
        state.NeedsPerson = false;
        state.UnseenInputs++;
        state.UnseenInputChars += input.Text.Length;
        state.Window.AddInput(input, seq);
    }

    private static void ApplyRestored(RunState state, RunRestored restored, long seq, DateTimeOffset time)
    {
        state.IsRestored = true;
        // A fork begins when it is forked: what its parent waited is none of its time.
        if (IsTakenOver(state, seq)) return;
        Hold(state, time - (state.HeldSince ?? restored.BackupAt));
        state.HeldSince = time;
    }

    private static void ApplyResumed(RunState state, DateTimeOffset time)
    {
        state.Pause = null;
        if (state.HeldSince is not { } since) return;
        Hold(state, time - since);
        state.HeldSince = null;
    }

    private static void Hold(RunState state, TimeSpan time)
    {
        if (time <= TimeSpan.Zero) return;
        state.Held += time;
        foreach (var call in state.Calls)
        {
            if (call.Approval is { } approval) call.Approval = approval with { ExpiresAt = approval.ExpiresAt + time };
        }
    }

    private static bool IsTakenOver(RunState state, long seq) => state.Fork is { } fork && seq <= 1 + fork.Records;

    private static void Remember(RunState state, RememberedSend send)
    {
        if (state.RememberedSends.Count == RunState.MaxRememberedSends) state.RememberedSends.Dequeue();
        state.RememberedSends.Enqueue(send);
    }

    private static void ApplyReply(RunState state, ModelReplied reply, long seq)
    {
        state.Steps = reply.Step;
        (state.UnseenInputs, state.UnseenInputChars) = (0, 0);
        state.Tokens += reply.InputTokens + reply.OutputTokens;
        (state.ModelAttemptsSpent, state.ModelFailures, state.ModelRetryAt) = (0, 0, null);
        state.NeedsPerson = reply.NeedsPerson;
        state.ToolCalls += reply.Calls.Count;
        state.Calls.Clear();
        for (var i = 0; i < reply.Calls.Count; i++) state.Calls.Add(new CallState(reply.Step, i, reply.Calls[i]));
        state.Window.AddReply(reply, seq);
    }

    private static void ApplySummary(RunState state, ContextSummarized summary, long seq)
    {
        state.Tokens += summary.InputTokens + summary.OutputTokens;
        // Attempts of a step are counted through: the one that wrote its summary is none of its reply.
        (state.ModelAttemptsSpent, state.ModelFailures, state.ModelRetryAt) = (summary.Attempt, 0, null);
        state.Window.Summarize(summary, seq);
    }

    private static void ApplySpentAttempt(RunState state, int step, int? callIndex, DateTimeOffset? retryAt, int failures)
    {
        state.Retries++;
        if (callIndex is not { } index)
        {
            state.ModelAttemptsSpent++;
            state.ModelFailures += failures;
            state.ModelRetryAt = retryAt;
        }
        else if (state.FindCall(step, index) is { } call)
        {
            call.SpentAttempts++;
            call.Failures += failures;
            call.RetryAt = retryAt;
            // An approval covers the call, not the attempt: what was not sent may still be sent.
            if (call.Phase == CallPhase.Started) call.Phase = call.Approval is null ? CallPhase.Requested : CallPhase.Approved;
            call.Started = null;
        }
    }

    private static void ApplyStarted(RunState state, ToolStarted started)
    {
        if (state.FindCall(started.Step, started.Call) is not { } call) return;
        call.Phase = CallPhase.Started;
        call.Started = started;
    }

    private static void ApplyReturned(RunState state, ToolReturned returned)
    {
        if (state.FindCall(returned.Step, returned.Call) is not { } call || call.IsDone) return;
        call.Phase = CallPhase.Done;
        call.Approval = null;
        call.Started = null;
        state.Window.AddResult(call.Requested, returned);
        if (!state.Calls.TrueForAll(static each => each.IsDone)) return;
        state.Calls.Clear();
        state.Window.CloseStep();
    }

    private static void ApplyRequested(RunState state, ApprovalRequested requested, DateTimeOffset time)
    {
        if (state.FindCall(requested.Step, requested.Call) is not { } call) return;
        call.Phase = requested.Kind == ApprovalKind.Call ? CallPhase.AwaitingApproval : CallPhase.AwaitingResolution;
        call.Approval = new ApprovalProgress(requested, time, []);
        call.ApprovalCount++;
    }

    private static void ApplyDecided(RunState state, ApprovalDecided decided)
    {
        if (state.FindApproval(decided.Approval) is not { Approval: { } approval } call) return;
        switch (decided.Verdict)
        {
            case ApprovalVerdict.Approve:
                call.Approval = approval with { ApprovedBy = [.. approval.ApprovedBy, decided.By] };
                if (call.Approval.ApprovedBy.Count >= approval.Request.RequiredPeople) call.Phase = CallPhase.Approved;
                break;
            case ApprovalVerdict.Retry:
                // The person permits this one call again; the attempt that was lost stays spent. What needs two people needs them again.
                (call.Phase, call.Approval) = approval.Request.Risk == RiskLevel.Critical ? (CallPhase.Requested, null) : (CallPhase.Approved, approval);
                call.SpentAttempts++;
                call.Started = null;
                call.IsSettled = true;
                break;
            case ApprovalVerdict.Deny or ApprovalVerdict.Happened or ApprovalVerdict.DidNotHappen:
                // The outcome follows as a ToolReturned in the same append.
                call.Approval = null;
                break;
            default:
                throw new InvalidOperationException($"No fold for verdict {decided.Verdict}.");
        }
    }
}
