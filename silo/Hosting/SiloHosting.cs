using System.Net;
using Orleans.Configuration;

namespace AgentRuntime.Hosting;

/// <summary>Orleans as every silo of ours runs it.</summary>
internal static class SiloHosting
{
    public static ISiloBuilder UseAgentRuntimeSilo(this ISiloBuilder silo, string clusterId, string serviceId, int siloPort)
    {
        silo.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = clusterId;
            options.ServiceId = serviceId;
        });
        silo.Configure<SiloOptions>(options => options.SiloName = $"silo-{siloPort}");

        // No gateway: clients come through the front door, and a gateway would forward to anything.
        silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort: 0, listenOnAnyHostAddress: false);
        silo.Configure<ClusterMembershipOptions>(LivenessSettings.Apply);
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionAge = TimeSpan.FromMinutes(5);
            options.CollectionQuantum = TimeSpan.FromMinutes(1);
            options.EnableActivationSheddingOnMemoryPressure = true;
        });

        // The default prefers the silo that was asked: where all clients use one front door, the others would idle.
        silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
        silo.AddActivityPropagation();
        return silo;
    }
}
