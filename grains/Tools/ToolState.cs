namespace AgentRuntime.Tools;

/// <summary>The versions of a tool, without their contracts: those are stored apart, so that registering never rewrites old ones.</summary>
[GenerateSerializer, Alias("agentruntime.tool.state")]
internal sealed record ToolState
{
    /// <summary>In the order they were registered.</summary>
    [Id(0)]
    public IReadOnlyList<ToolVersionHead> Versions { get; init; } = [];

    /// <summary>The version that was published last; null while there are only drafts.</summary>
    [Id(1)]
    public string? PublishedHash { get; init; }

    [Id(2)]
    public string? BlockedReason { get; init; }

    public ToolVersionHead? Find(string hash) => hash.Length > 0
        ? Versions.FirstOrDefault(v => v.Hash == hash)
        : PublishedHash is { } published ? Find(published) : Versions.Count > 0 ? Versions[^1] : null;
}

/// <summary>What the tool keeps of each version.</summary>
/// <param name="Hash">SHA-256 of the canonical contract, 64 hex digits.</param>
/// <param name="RegisteredBy">Identity of who registered it.</param>
/// <param name="PublishedBy">Identity of who published it; null while it is a draft.</param>
/// <param name="CreatedAt">When (UTC).</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tool.version-head")]
internal sealed record ToolVersionHead(
    [property: Id(0)] string Hash,
    [property: Id(1)] string RegisteredBy,
    [property: Id(2)] string? PublishedBy,
    [property: Id(3)] DateTimeOffset CreatedAt);
