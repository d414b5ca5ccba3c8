using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Index;

/// <summary>A page of a list of runs.</summary>
/// <param name="Runs">The runs. There may be fewer than asked for, or none, although more follow: a page looks at a bounded number of them.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
internal sealed record RunPage(IReadOnlyList<RunRow> Runs, long? Next);
