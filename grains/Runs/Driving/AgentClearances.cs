using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>Checks at start that an agent may still use its model and its tools; each call is checked once more.</summary>
internal sealed class AgentClearances(IModelCatalog models, ToolDirectory tools)
{
    /// <exception cref="AgentRuntimeException">PolicyDenied or NotFound, naming agent, class and tool or model.</exception>
    public async ValueTask RequireAsync(TenantId tenant, AgentId agent, AgentDefinition definition, CancellationToken cancellation)
    {
        RequireModel(agent, definition);
        foreach (var pin in definition.Tools)
        {
            var version = (await tools.GetAsync(tenant, pin, cancellation)).Version;
            var clearance = new ToolClearance(
                pin.Tool, version.Hash, version.Contract.Risk, version.Contract.DataClasses, version.PublishedBy is not null, version.BlockedReason);
            if (AgentClearance.RefuseTool(agent, definition, clearance) is { } refusal)
                throw new AgentRuntimeException(ErrorCode.PolicyDenied, refusal);
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
