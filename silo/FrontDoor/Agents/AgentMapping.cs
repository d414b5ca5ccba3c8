using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.FrontDoor.Agents;

/// <summary>Agents as they stand on the wire.</summary>
internal static class AgentMapping
{
    public static V1.Agent ToWire(AgentVersion version, TenantId tenant) => new()
    {
        Name = ResourceName.OfAgent(tenant, version.Agent.Value),
        Version = version.Version,
        DefinitionHash = version.Hash,
        Definition = ToWire(version.Definition, tenant),
        PublishedBy = version.PublishedBy,
        CreateTime = version.CreatedAt.ToTimestamp(),
        Deleted = version.Deleted,
        Etag = version.Etag,
    };

    public static AgentDefinition FromWire(V1.AgentDefinition definition, TenantId tenant) => new(
        definition.Instructions,
        definition.Model,
        [.. definition.Tools.Select(tool => new AgentTool(ResourceName.Tool(tool.Tool, tenant, "definition.tools.tool").Value, tool.ContractHash))],
        RunLimitsMapping.FromWire(definition.Limits ?? new V1.RunLimits()),
        (RiskLevel)definition.RiskScope,
        [.. definition.DataClasses],
        FromWire(definition.Context ?? new V1.ContextWindow()));

    private static V1.AgentDefinition ToWire(AgentDefinition definition, TenantId tenant) => new()
    {
        Instructions = definition.Instructions,
        Model = definition.Model,
        Tools = { definition.Tools.Select(tool => new V1.AgentTool { Tool = ResourceName.OfTool(tenant, tool.Tool), ContractHash = tool.ContractHash }) },
        Limits = RunLimitsMapping.ToWire(definition.Limits),
        RiskScope = (V1.RiskLevel)definition.RiskScope,
        DataClasses = { definition.DataClasses },
        Context = ToWire(definition.Context),
    };

    private static V1.ContextWindow ToWire(ContextWindow context) => new()
    {
        LastTurns = context.LastTurns,
        MaxMessageChars = context.MaxMessageChars,
        MaxTokens = context.MaxTokens,
        PinnedInputs = context.PinnedInputs,
        SummaryTokens = context.SummaryTokens,
    };

    private static ContextWindow FromWire(V1.ContextWindow context)
    {
        var byDefault = new ContextWindow();
        return new ContextWindow
        {
            LastTurns = context.HasLastTurns ? context.LastTurns : byDefault.LastTurns,
            MaxMessageChars = context.HasMaxMessageChars ? context.MaxMessageChars : byDefault.MaxMessageChars,
            MaxTokens = context.MaxTokens,
            PinnedInputs = context.PinnedInputs,
            SummaryTokens = context.SummaryTokens,
        };
    }
}
