using System.Net;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Tenants;
using Orleans.Configuration;

namespace AgentRuntime.Hosting;

/// <summary>Orleans as every silo of ours runs it.</summary>
internal static class SiloHosting
{
    public static ISiloBuilder UseAgentRuntimeSilo(this ISiloBuilder silo, FolderFormat format, int siloPort, TenancyPlan tenancy)
    {
        silo.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = format.ClusterId;
            options.ServiceId = format.ServiceId;
        });
        silo.Configure<SiloOptions>(options => options.SiloName = SiloLabels.Name(siloPort, tenancy));

        // No gateway: clients come through the front door, and a gateway would forward to anything.
        silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort: 0, listenOnAnyHostAddress: false);
        // A caller that no longer waits says so, as it does when it cancels.
        silo.Configure<SiloMessagingOptions>(options => options.CancelRequestOnTimeout = true);
        silo.Configure<ClusterMembershipOptions>(LivenessSettings.Apply);
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionAge = TimeSpan.FromMinutes(5);
            options.CollectionQuantum = TimeSpan.FromMinutes(1);
            options.EnableActivationSheddingOnMemoryPressure = true;
        });

        // The default prefers the silo that was asked: where all clients use one front door, the others would idle.
        silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
        if (tenancy.Mode == TenancyMode.Segmented) silo.UseSegmentPlacement();
        silo.AddActivityPropagation();
        return silo;
    }
}
