namespace AgentRuntime.Agents;

/// <summary>One immutable version of an agent.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Version">1, 2, 3 ...</param>
/// <param name="Hash">SHA-256 of the canonical definition, 64 hex digits.</param>
/// <param name="Definition">The definition with every tool pinned.</param>
/// <param name="PublishedBy">Identity of who applied it; that person cannot approve its runs' calls.</param>
/// <param name="CreatedAt">When it was applied (UTC).</param>
/// <param name="Deleted">Whether the agent is deleted: no new run starts.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.agent.version")]
public sealed record AgentVersion(
    [property: Id(0)] AgentId Agent,
    [property: Id(1)] int Version,
    [property: Id(2)] string Hash,
    [property: Id(3)] AgentDefinition Definition,
    [property: Id(4)] string PublishedBy,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] bool Deleted)
{
    /// <summary>What the agent was when this was its newest version: it changes with every version that is applied and with its deletion.</summary>
    public string Etag => EtagOf(Version, Hash, Deleted);

    /// <summary>The etag of an agent whose newest version this is.</summary>
    public static string EtagOf(int version, string hash, bool deleted) => $"{version}-{hash[..16]}{(deleted ? "-deleted" : "")}";
}
