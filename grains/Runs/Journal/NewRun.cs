namespace AgentRuntime.Runs.Journal;

/// <summary>The row of a run that starts.</summary>
/// <param name="Agent">Its agent.</param>
/// <param name="Owner">The silo generation that runs it.</param>
/// <param name="StartedAt">When (UTC).</param>
/// <param name="MaxOpenRuns">The tenant's limit, checked in the same transaction.</param>
internal sealed record NewRun(string Agent, string Owner, DateTimeOffset StartedAt, int MaxOpenRuns)
{
    /// <summary>The classes of data that the agent handles, in order: they decide how long the run is kept.</summary>
    public IReadOnlyList<string> DataClasses { get; init; } = [];
}
