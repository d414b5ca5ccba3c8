using System.Net;
using AgentRuntime.Hosting.Tls;

namespace AgentRuntime.Hosting;

/// <summary>Where a silo is found by those of its cluster, and how they prove that they are.</summary>
/// <param name="Advertised">The address that others connect to.</param>
/// <param name="Listening">The address that it listens on.</param>
/// <param name="SiloPort">The port for silos.</param>
/// <param name="GatewayPort">The port for clients of the cluster; 0 for none.</param>
/// <param name="Tls">Mutual TLS; null for none.</param>
internal sealed record ClusterPlace(IPAddress Advertised, IPAddress Listening, int SiloPort, int GatewayPort, ClusterTlsPlan? Tls)
{
    /// <param name="options">Options that were found valid.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="clusterId">The cluster.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="Common.AgentRuntimeException">InvalidArgument: a certificate cannot be used.</exception>
    public static ClusterPlace Of(SiloHostOptions options, SiloPorts ports, string clusterId, DateTimeOffset now) => new(
        IPAddress.Parse(options.AdvertisedAddress),
        Listened(options),
        ports.Silo,
        ports.Gateway,
        options.Tls is null ? null : ClusterTlsPlan.Of(options.Tls, clusterId, PeerRole.Silo, now));

    /// <summary>The address that options say.</summary>
    public static IPAddress Listened(SiloHostOptions options) => IPAddress.Parse(options.ListenAddress ?? options.AdvertisedAddress);
}
