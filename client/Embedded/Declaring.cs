using AgentRuntime.Agents;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;

namespace AgentRuntime.Client.Embedded;

/// <summary>Brings what a program declares into its cluster. What is there already with the same content stays as it is.</summary>
internal sealed class Declaring(IGrainFactory grains, HostIdentity host)
{
    public async Task ApplyAsync(AgentRuntimeSetup setup)
    {
        var tenant = grains.GetGrain<ITenantGrain>(TenantGrainKey.For(setup.Tenant));
        if (await tenant.GetAsync() is null) await tenant.CreateAsync(new TenantSettings(setup.Tenant.Value, TenantManifest.DefaultMaxOpenRuns, []));
        foreach (var (tool, contract) in setup.Tools.Contracts)
        {
            var grain = grains.GetGrain<IToolGrain>(ToolGrainKey.For(setup.Tenant, tool));
            var version = await grain.RegisterAsync(contract, host.Service);
            await grain.PublishAsync(version.Hash, host.Platform);
        }

        foreach (var (agent, definition) in setup.Agents)
            await grains.GetGrain<IAgentGrain>(AgentGrainKey.For(setup.Tenant, agent)).ApplyAsync(definition, host.Service);
    }
}
