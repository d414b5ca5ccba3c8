namespace AgentRuntime.Agents;

/// <summary>One version's definition as stored.</summary>
[GenerateSerializer, Alias("agentruntime.agent.stored-definition")]
internal sealed record StoredDefinition
{
    [Id(0)]
    public AgentDefinition? Definition { get; init; }
}
