using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Driving;

/// <summary>The records that a run begins with, appended together.</summary>
/// <param name="Start">Seq 0.</param>
/// <param name="Rest">What follows: nothing, or what a fork takes over.</param>
internal sealed record RunBeginning(RunStarted Start, IReadOnlyList<RunRecord> Rest);
