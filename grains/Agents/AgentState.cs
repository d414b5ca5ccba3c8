namespace AgentRuntime.Agents;

/// <summary>The versions of an agent, without their definitions: those are stored apart, so that an apply never rewrites old ones.</summary>
[GenerateSerializer, Alias("agentruntime.agent.state")]
internal sealed record AgentState
{
    [Id(0)]
    public IReadOnlyList<AgentVersionHead> Versions { get; init; } = [];

    [Id(1)]
    public bool Deleted { get; init; }
}

/// <summary>What the agent keeps of each version.</summary>
/// <param name="Hash">SHA-256 of the canonical definition, 64 hex digits.</param>
/// <param name="PublishedBy">Identity of who applied it.</param>
/// <param name="CreatedAt">When (UTC).</param>
[GenerateSerializer, Immutable, Alias("agentruntime.agent.version-head")]
internal sealed record AgentVersionHead(
    [property: Id(0)] string Hash, [property: Id(1)] string PublishedBy, [property: Id(2)] DateTimeOffset CreatedAt);
