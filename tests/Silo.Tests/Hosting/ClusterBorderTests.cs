using System.Net;
using AgentRuntime.Hosting;
using AgentRuntime.Silo.Tests.FrontDoor.Api;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Silo.Tests.Hosting;

/// <summary>No Orleans client gets into the cluster from outside: neither by a gateway nor by the port between silos.</summary>
public sealed class ClusterBorderTests(FrontDoorHost silo)
{
    [Fact]
    public void Silo_HasNoGatewayAndIsKnownOnLoopbackOnly()
    {
        var endpoints = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.Equal((0, null), (endpoints.GatewayPort, endpoints.GatewayListeningEndpoint));
        var members = silo.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values;
        Assert.All(members, member => Assert.Equal(IPAddress.Loopback, member.SiloAddress.Endpoint.Address));
    }

    [Fact]
    public async Task Client_IsLetInByAGatewayAndNotByThePortBetweenSilos()
    {
        var ports = FreePorts.Take(2);
        using var open = new HostBuilder().UseOrleans(builder => builder.UseLocalhostClustering(ports[0], ports[1], null, "open", "open")).Build();
        await open.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(await IsLetInAsync(ports[1], "open", "open", TimeSpan.FromSeconds(60)));

        var cluster = silo.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        Assert.False(await IsLetInAsync(silo.Services.GetRequiredService<SiloPorts>().Silo, cluster.ClusterId, cluster.ServiceId, TimeSpan.FromSeconds(10)));
        await open.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<bool> IsLetInAsync(int port, string clusterId, string serviceId, TimeSpan patience)
    {
        using var host = new HostBuilder().UseOrleansClient(client => client
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, port))
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, serviceId))).Build();
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await host.StartAsync(deadline.Token);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
