using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs;

/// <summary>A run's state as callers see it.</summary>
internal static class RunViews
{
    public static RunView Of(RunState state) => new(
        state.Key.Run,
        state.Start.Agent,
        state.Start.AgentVersion,
        Status(state),
        state.Steps,
        state.LastSeq,
        (state.End as RunCompleted)?.Output,
        (state.End as RunFailed)?.Code,
        Message(state),
        state.StartedAt,
        state.EndedAt,
        state.Fork is { } fork ? new ForkOrigin(RunId.Parse(fork.Parent), fork.AtSeq, fork.Live) : null,
        state.Start.Place?.Session);

    public static RunStatus Status(RunState state) => state switch
    {
        { End: RunCompleted } => RunStatus.Completed,
        { End: RunFailed } => RunStatus.Failed,
        { End: not null } => RunStatus.Cancelled,
        { Pause: not null } => RunStatus.Paused,
        { NeedsPerson: true } => RunStatus.WaitingForInput,
        _ when WaitsForPerson(state) => RunStatus.WaitingForApproval,
        _ => RunStatus.Running,
    };

    private static bool WaitsForPerson(RunState state)
    {
        var waits = false;
        foreach (var call in state.Calls)
        {
            if (call.Phase is CallPhase.AwaitingApproval or CallPhase.AwaitingResolution) waits = true;
            else if (!call.IsDone) return false;
        }

        return waits;
    }

    private static string? Message(RunState state) => state switch
    {
        { End: RunFailed failed } => failed.Message,
        { End: RunCancelled cancelled } => cancelled.Reason,
        { End: null, Pause: { } pause } => pause.Reason,
        _ => null,
    };
}
