using AgentRuntime.Events;

namespace AgentRuntime.Runs.Publishing;

/// <summary>A record that a run is known to have.</summary>
/// <param name="Run">The run.</param>
/// <param name="LastSeq">The record; of a run that has ended its last one.</param>
/// <param name="EndedAt">When the run ended; null while it is open.</param>
internal readonly record struct RunMark(RunKey Run, long LastSeq, DateTimeOffset? EndedAt = null)
{
    /// <summary>As subscribers are asked.</summary>
    public RunHead Head => new(Run.Run.Value, LastSeq, EndedAt);
}
