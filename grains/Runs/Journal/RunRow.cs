using AgentRuntime.Common;

namespace AgentRuntime.Runs.Journal;

/// <summary>
/// A run's row: its place in the index of open runs and in lists. Once it is pruned its retention has ended: only the headers of its records
/// are left, or are about to be.
/// </summary>
internal sealed record RunRow(
    RunKey Key,
    long RunNo,
    string Agent,
    RunStatus Status,
    OpenState State,
    DateTimeOffset? WakeAt,
    string? Owner,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    byte[]? HeadHash = null,
    bool IsPruned = false)
{
    /// <summary>Says what became of a run that was there once.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: the run's retention has ended.</exception>
    public void RequireNotPruned()
    {
        if (!IsPruned) return;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"run {Key.Run}: was {Status} at {EndedAt:u}; its content was deleted when its retention ended, only the headers of its records are left.");
    }
}
