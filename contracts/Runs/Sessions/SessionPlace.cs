namespace AgentRuntime.Runs.Sessions;

/// <summary>Where a run stands in a conversation. Only the session's grain says so.</summary>
/// <param name="Session">The session.</param>
/// <param name="Number">1, 2, 3 ...</param>
/// <param name="Previous">The run before it; null for the first.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.session.place")]
public sealed record SessionPlace([property: Id(0)] string Session, [property: Id(1)] long Number, [property: Id(2)] string? Previous);
