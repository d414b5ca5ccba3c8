using AgentRuntime.Agents;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Client.Embedded;

/// <summary>Brings what a program declares into its cluster. What is there already with the same content stays as it is.</summary>
internal sealed partial class Declaring(IGrainFactory grains, HostIdentity host, ILogger log)
{
    public async Task ApplyAsync(AgentRuntimeSetup setup)
    {
        var tenant = grains.GetGrain<ITenantGrain>(TenantGrainKey.For(setup.Tenant));
        if (await tenant.GetAsync() is null) await tenant.CreateAsync(new TenantSettings(setup.Tenant.Value, TenantManifest.DefaultMaxOpenRuns, []));
        var blocked = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (tool, contract) in setup.Tools.Contracts)
        {
            var grain = grains.GetGrain<IToolGrain>(ToolGrainKey.For(setup.Tenant, tool));
            var version = await grain.PublishAsync((await grain.RegisterAsync(contract, host.Service)).Hash, host.Platform);
            if (version.BlockedReason is { } reason) blocked.Add(tool.Value, reason);
        }

        foreach (var (agent, definition) in setup.Agents)
        {
            // Whoever blocked a tool wants no calls of it. The program may start all the same, and the agent stays what it was.
            if (definition.Tools.FirstOrDefault(tool => blocked.ContainsKey(tool.Tool)) is { } named)
                LogNotApplied(agent.Value, named.Tool, blocked[named.Tool]);
            else
                await grains.GetGrain<IAgentGrain>(AgentGrainKey.For(setup.Tenant, agent)).ApplyAsync(definition, host.Service);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Agent {Agent} is not applied: its tool {Tool} is blocked ({Reason}).")]
    private partial void LogNotApplied(string agent, string tool, string reason);
}
