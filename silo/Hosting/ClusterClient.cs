using AgentRuntime.Aws;
using AgentRuntime.AwsStore;
using AgentRuntime.Hosting.Tls;
using AgentRuntime.Models;
using Orleans.Configuration;

namespace AgentRuntime.Hosting;

/// <summary>
/// An Orleans client of a cluster whose state is in AWS, for processes of the platform. It finds the silos' gateways in the membership table and proves by its certificate that
/// it may come in; from then on it may do everything that a silo may. Tenants and agents of other processes come through the front door.
/// </summary>
internal static class ClusterClient
{
    /// <summary>Adds <see cref="IClusterClient"/>, which connects when the host starts. It reads the sections <c>Aws</c> and <c>Silo:Tls</c>, whose certificate is then a client's.</summary>
    /// <exception cref="Common.AgentRuntimeException">A setting or a certificate is wrong, or there are no tables; the message names the fix.</exception>
    public static async Task AddClusterClientAsync(this IHostApplicationBuilder host, IConfiguration settings, CancellationToken cancellation)
    {
        var place = await AwsPlace.OpenAsync(AwsPlace.Read(settings), cancellation);
        var identity = place.Identity;
        var tls = ClusterTlsPlan.Of(ReadTls(settings), identity.ClusterId, PeerRole.Client, TimeProvider.System.GetUtcNow());
        host.Services.AddAws(AwsPlace.Configure(place.Options));
        host.UseOrleansClient(client => client
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (identity.ClusterId, identity.ServiceId))
            .UseDynamoDBClustering(gateways => gateways.TableName = place.Tables.Membership)
            .UseClusterTls(tls));
    }

    private static ClusterTlsOptions ReadTls(IConfiguration settings)
    {
        var tls = new ClusterTlsOptions();
        ModelSection.Bind(settings.GetSection(ClusterTlsOptions.SectionName), tls);
        return tls;
    }
}
