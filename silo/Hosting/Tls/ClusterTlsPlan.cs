using AgentRuntime.Common;

namespace AgentRuntime.Hosting.Tls;

/// <summary>How a process proves what it is in the cluster, read and found to fit.</summary>
internal sealed class ClusterTlsPlan
{
    private readonly ClusterTlsOptions _options;
    private readonly PeerRole _role;

    private ClusterTlsPlan(ClusterTlsOptions options, ClusterNames names, PeerRole role, DateTimeOffset now)
    {
        (_options, Names, _role) = (options, names, role);
        Certificate = Read(now);
    }

    public ClusterNames Names { get; }

    /// <summary>As it was at start.</summary>
    public ClusterCertificate Certificate { get; }

    /// <exception cref="AgentRuntimeException">InvalidArgument: a setting or a file is wrong; the message names the key and the fix.</exception>
    public static ClusterTlsPlan Of(ClusterTlsOptions options, string clusterId, PeerRole role, DateTimeOffset now) => new(options, ClusterNames.Of(options, clusterId), role, now);

    /// <summary>Reads the files anew.</summary>
    /// <exception cref="AgentRuntimeException">InvalidArgument: they cannot be used.</exception>
    public ClusterCertificate Read(DateTimeOffset now) => ClusterCertificate.Read(_options, Names, _role, now);
}
