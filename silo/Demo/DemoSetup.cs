using AgentRuntime.Agents;
using AgentRuntime.Demo.Orders;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Manifests;

namespace AgentRuntime.Demo;

/// <summary>Applies the samples: tenant, tools, agents, orders. What is there already stays as it is.</summary>
internal sealed class DemoSetup(IGrainFactory grains, DemoPeople people, DemoPlace place, OrdersDatabase orders)
{
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        await orders.AddAsync(OrderFile.Read(place.Samples.Orders), cancellation);
        var files = place.Samples.ReadManifests(DemoPlace.OrdersHost(place.OrdersPort));
        foreach (var tenant in files.SelectMany(file => file.Tenants)) await ApplyAsync(tenant, cancellation);
        await Task.WhenAll(files.SelectMany(file => file.Tools).Select(tool => ApplyAsync(tool, cancellation)));
        foreach (var agent in files.SelectMany(file => file.Agents))
            await grains.GetGrain<IAgentGrain>(AgentGrainKey.For(DemoPeople.Tenant, agent.Agent)).ApplyAsync(
                agent.Definition, people.Author, cancellation: cancellation);
    }

    private async Task ApplyAsync(TenantManifest manifest, CancellationToken cancellation)
    {
        var tenant = grains.GetGrain<ITenantGrain>(TenantGrainKey.For(manifest.Tenant));
        if (await tenant.GetAsync(cancellation) is null) await tenant.CreateAsync(manifest.Settings, cancellation);
        else await tenant.UpdateAsync(manifest.Settings, etag: null, cancellation);
    }

    private async Task ApplyAsync(ToolManifest manifest, CancellationToken cancellation)
    {
        var tool = grains.GetGrain<IToolGrain>(ToolGrainKey.For(DemoPeople.Tenant, manifest.Tool));
        var version = await tool.RegisterAsync(manifest.Contract, people.Author, cancellation);
        await tool.PublishAsync(version.Hash, people.Reviewer, cancellation: cancellation);
    }
}
