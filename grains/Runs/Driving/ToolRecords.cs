using AgentRuntime.Common;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>What a tool's outcome is recorded as.</summary>
internal static class ToolRecords
{
    public static IReadOnlyList<RunRecord> Of(
        RunState state, CallState call, ToolVersion tool, int attempt, ToolOutcome outcome, DateTimeOffset now) => outcome switch
        {
            ToolOutcome.Succeeded done => [Returned(state, call, attempt, done)],
            ToolOutcome.Failed failed => OfFailure(state, call, tool, attempt, failed, now),
            _ => throw new InvalidOperationException($"No record for {outcome.GetType().Name}."),
        };

    private static RunRecord[] OfFailure(
        RunState state, CallState call, ToolVersion tool, int attempt, ToolOutcome.Failed failed, DateTimeOffset now)
    {
        var isUnknown = tool.Contract.Effect == EffectClass.AtMostOnce && failed is { Sent: true } && IsIndefinite(failed);
        if (isUnknown && call.Phase == CallPhase.Started) return [CallGate.AskOutcome(state, call, tool, now)];
        // Somebody is asked already; an outcome that says nothing adds nothing.
        if (isUnknown) return [];
        if (failed.IsTransient && call.Failures + 1 < state.Start.Limits.MaxAttemptsPerCall)
        {
            return
            [
                new AttemptFailed(
                    call.Step, call.Index, attempt, failed.Code, failed.Message, IsTransient: true, Backoff.Next(call.Failures, now)),
            ];
        }

        return [new ToolReturned(call.Step, call.Index, attempt, ToolOutcomeKind.Error, failed.Message)];
    }

    /// <summary>Whether the failure leaves open what the tool did: it timed out, broke off, or was told to stop.</summary>
    private static bool IsIndefinite(ToolOutcome.Failed failed) =>
        failed.IsTransient || failed.Code is ErrorCode.Timeout or ErrorCode.Cancelled or ErrorCode.Unavailable or ErrorCode.Internal;

    private static ToolReturned Returned(RunState state, CallState call, int attempt, ToolOutcome.Succeeded done)
    {
        var max = state.Start.Limits.MaxPayloadBytes;
        var size = PayloadSize.Of(done.Result, max);
        return size > max
            ? new ToolReturned(
                call.Step,
                call.Index,
                attempt,
                ToolOutcomeKind.Error,
                $"The result has {size} bytes, {max} are allowed (maxPayloadBytes). Ask for less.")
            : new ToolReturned(call.Step, call.Index, attempt, ToolOutcomeKind.Success, done.Result);
    }
}
