using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Runs.Driving;

/// <summary>Checks at start that an agent may still use its model and its tools; each call is checked once more.</summary>
internal sealed class AgentClearances(IModelCatalog models, IToolCatalog tools)
{
    /// <exception cref="AgentRuntimeException">PolicyDenied or NotFound, naming agent, class and tool or model.</exception>
    public async ValueTask RequireAsync(TenantId tenant, AgentId agent, AgentDefinition definition)
    {
        RequireModel(agent, definition);
        foreach (var pin in definition.Tools)
        {
            var tool = await tools.FindAsync(tenant, pin.Tool, pin.ContractHash, CancellationToken.None)
                ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"agent {agent}: tool {pin.Tool} has no contract {pin.ContractHash}.");
            if (AgentClearance.RefuseTool(agent, definition, tool) is { } refusal) throw new AgentRuntimeException(ErrorCode.PolicyDenied, refusal);
        }
    }

    /// <exception cref="AgentRuntimeException">PolicyDenied or NotFound, naming agent, class and model.</exception>
    public void RequireModel(AgentId agent, AgentDefinition definition)
    {
        var model = models.Find(definition.Model)
            ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"agent {agent}: model {definition.Model} is not registered. Known: {string.Join(", ", models.Names)}.");
        if (AgentClearance.RefuseModel(agent, definition, model) is { } refusal) throw new AgentRuntimeException(ErrorCode.PolicyDenied, refusal);
    }
}
