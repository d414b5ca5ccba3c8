using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Driving;

/// <summary>The records that a run begins with, appended together.</summary>
/// <param name="Start">Seq 0.</param>
/// <param name="Rest">What follows: nothing, or what a fork takes over.</param>
internal sealed record RunBeginning(RunStarted Start, IReadOnlyList<RunRecord> Rest)
{
    /// <summary>Whether the record at <paramref name="seq"/> says again what others said in another run.</summary>
    public bool IsTakenOver(int seq) => Rest is [Forked fork, ..] && seq >= 2 && seq < 2 + fork.Records;
}
