using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace AgentRuntime.Hosting.Tls;

internal static class ClusterTlsRegistration
{
    /// <summary>Lets in silos at the silo's port and clients at its gateway, and nobody else.</summary>
    public static ISiloBuilder UseClusterTls(this ISiloBuilder silo, ClusterTlsPlan plan)
    {
        silo.Services.AddClusterTls(plan);
        return silo.Configure<SiloConnectionOptions>(options =>
        {
            options.ConfigureSiloInboundConnection(connection => connection.Use(next => Of(connection).Accept(PeerRole.Silo, next)));
            options.ConfigureGatewayInboundConnection(connection => connection.Use(next => Of(connection).Accept(PeerRole.Client, next)));
            options.ConfigureSiloOutboundConnection(connection => connection.Use(next => Of(connection).Connect(next)));
        });
    }

    /// <summary>Talks to silos of the cluster only, and shows them who it is.</summary>
    public static IClientBuilder UseClusterTls(this IClientBuilder client, ClusterTlsPlan plan)
    {
        client.Services.AddClusterTls(plan);
        return client.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connection => connection.Use(next => Of(connection).Connect(next))));
    }

    private static ClusterTls Of(IConnectionBuilder connection) => connection.ApplicationServices.GetRequiredService<ClusterTls>();

    private static void AddClusterTls(this IServiceCollection services, ClusterTlsPlan plan)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(plan);
        services.AddSingleton<TlsInstruments>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<ClusterTls>();
    }
}
