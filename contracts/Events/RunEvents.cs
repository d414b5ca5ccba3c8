namespace AgentRuntime.Events;

/// <summary>Records of one run.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Agent">The agent's id.</param>
/// <param name="Events">1 or more, of consecutive seqs.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.event.run")]
public sealed record RunEvents([property: Id(0)] string Run, [property: Id(1)] string Agent, [property: Id(2)] IReadOnlyList<RunEvent> Events);
