namespace AgentRuntime.Tools.Contracts;

/// <summary>One version's contract as stored.</summary>
[GenerateSerializer, Alias("agentruntime.tool.stored-contract")]
internal sealed record StoredContract
{
    [Id(0)]
    public ToolContract? Contract { get; init; }
}
