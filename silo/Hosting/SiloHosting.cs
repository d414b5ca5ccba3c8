using System.Net;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Hosting.Tls;
using AgentRuntime.Tenants;
using Orleans.Configuration;

namespace AgentRuntime.Hosting;

/// <summary>Orleans as every silo of ours runs it.</summary>
internal static class SiloHosting
{
    public static ISiloBuilder UseAgentRuntimeSilo(this ISiloBuilder silo, FolderFormat format, ClusterPlace place, TenancyPlan tenancy)
    {
        silo.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = format.ClusterId;
            options.ServiceId = format.ServiceId;
        });
        silo.Configure<SiloOptions>(options => options.SiloName = SiloLabels.Name(place.SiloPort, tenancy));

        silo.Configure<EndpointOptions>(options => Listen(options, place));
        if (place.Tls is { } tls)
        {
            silo.UseClusterTls(tls);
            silo.Services.AddHostedService<KnockAtStart>();
        }

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

    private static void Listen(EndpointOptions options, ClusterPlace place)
    {
        options.AdvertisedIPAddress = place.Advertised;
        options.SiloPort = place.SiloPort;
        options.SiloListeningEndpoint = new IPEndPoint(place.Listening, place.SiloPort);

        // As a rule there is none: clients come through the front door, and a gateway forwards to anything.
        options.GatewayPort = place.GatewayPort;
        if (place.GatewayPort > 0) options.GatewayListeningEndpoint = new IPEndPoint(place.Listening, place.GatewayPort);
    }
}
