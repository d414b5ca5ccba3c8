namespace AgentRuntime.Agents;

/// <summary>The names of a tenant's agents, in ordinal order.</summary>
[GenerateSerializer, Alias("agentruntime.agent.index-state")]
internal sealed record AgentIndexState
{
    [Id(0)]
    public IReadOnlyList<string> Agents { get; init; } = [];
}
