namespace AgentRuntime.Runs.Sessions;

/// <summary>What was said in a conversation up to and with a run.</summary>
/// <param name="Status">Where the run stands.</param>
/// <param name="Messages">Oldest first: no more than the agent's context window holds.</param>
/// <param name="DataClasses">The classes of data that the run's agent had.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.session.spoken")]
public sealed record SpokenSoFar(
    [property: Id(0)] RunStatus Status, [property: Id(1)] IReadOnlyList<SessionMessage> Messages, [property: Id(2)] IReadOnlyList<string> DataClasses);
