namespace AgentRuntime.Tools;

/// <summary>The names of a tenant's tools, in ordinal order.</summary>
[GenerateSerializer, Alias("agentruntime.tool.index-state")]
internal sealed record ToolIndexState
{
    [Id(0)]
    public List<string> Tools { get; init; } = [];
}
