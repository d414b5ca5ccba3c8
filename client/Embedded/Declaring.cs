using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Client.Embedded;

/// <summary>Brings what a program declares into its cluster. What is there already with the same content stays as it is.</summary>
internal sealed partial class Declaring(IGrainFactory grains, HostIdentity host, ILogger log)
{
    /// <exception cref="AgentRuntimeException">The cluster refused something.</exception>
    public async Task ApplyAsync(AgentRuntimeSetup setup)
    {
        try
        {
            await DeclareAsync(setup);
        }
        catch (AgentRuntimeException refused) when (refused.Code is ErrorCode.NotFound or ErrorCode.InvalidArgument)
        {
            // What can be wrong with a declaration by itself has been found before. Another process may have looked at this one, and lack what it names.
            var silos = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
            if (silos.Count < 2) throw;
            throw new AgentRuntimeException(
                refused.Code,
                $"{refused.Message} Other processes run on this data folder, with other tools or models as it seems: a new version is started after all of the old one have stopped.",
                inner: refused);
        }
    }

    private async Task DeclareAsync(AgentRuntimeSetup setup)
    {
        var tenant = grains.GetGrain<ITenantGrain>(TenantGrainKey.For(setup.Tenant));
        if (await tenant.GetAsync() is null) await tenant.CreateAsync(new TenantSettings(setup.Tenant.Value, TenantManifest.DefaultMaxOpenRuns, []));
        foreach (var (tool, contract) in setup.Tools.Contracts)
        {
            var version = await Tool(setup.Tenant, tool).RegisterAsync(contract, host.Service);
            await Tool(setup.Tenant, tool).PublishAsync(version.Hash, host.Platform);
        }

        foreach (var (agent, definition) in setup.Agents) await ApplyAsync(setup.Tenant, agent, definition);
    }

    private async Task ApplyAsync(TenantId tenant, AgentId agent, AgentDefinition definition)
    {
        foreach (var named in definition.Tools)
        {
            // Whoever blocked a tool wants no calls of it. The program may start all the same, and the agent stays what it was.
            if ((await Tool(tenant, ToolId.Parse(named.Tool)).GetAsync(named.ContractHash))?.BlockedReason is not { } reason) continue;
            LogNotApplied(agent.Value, named.Tool, reason);
            return;
        }

        await grains.GetGrain<IAgentGrain>(AgentGrainKey.For(tenant, agent)).ApplyAsync(definition, host.Service);
    }

    private IToolGrain Tool(TenantId tenant, ToolId tool) => grains.GetGrain<IToolGrain>(ToolGrainKey.For(tenant, tool));

    [LoggerMessage(1, LogLevel.Warning, "Agent {Agent} is not applied: its tool {Tool} is blocked ({Reason}).")]
    private partial void LogNotApplied(string agent, string tool, string reason);
}
