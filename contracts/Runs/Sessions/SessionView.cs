namespace AgentRuntime.Runs.Sessions;

/// <summary>A session as it is now, without what was said.</summary>
/// <param name="Session">The session.</param>
/// <param name="Agent">Its agent.</param>
/// <param name="AgentVersion">The version of its runs; 0: the newest at each run's start.</param>
/// <param name="CreatedBy">Identity of who made it.</param>
/// <param name="CreatedAt">When (UTC).</param>
/// <param name="Runs">Runs so far.</param>
/// <param name="NewestRun">The newest run; null before the first. It does not exist for a moment while it is being started, or if that failed.</param>
/// <param name="RunBefore">The run before it; null when there is none.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.session.view")]
public sealed record SessionView(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] string Agent,
    [property: Id(2)] int AgentVersion,
    [property: Id(3)] string CreatedBy,
    [property: Id(4)] DateTimeOffset CreatedAt,
    [property: Id(5)] long Runs,
    [property: Id(6)] RunId? NewestRun,
    [property: Id(7)] RunId? RunBefore);
