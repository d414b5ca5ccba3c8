namespace AgentRuntime.Events;

/// <summary>How far the journal of a run has got.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="LastSeq">A record that it has; there may be more.</param>
/// <param name="EndedAt">When it ended, and then <paramref name="LastSeq"/> is its last record; null while it is open.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.event.head")]
public sealed record RunHead([property: Id(0)] string Run, [property: Id(1)] long LastSeq, [property: Id(2)] DateTimeOffset? EndedAt);
