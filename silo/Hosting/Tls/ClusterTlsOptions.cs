using AgentRuntime.Certificates;

namespace AgentRuntime.Hosting.Tls;

/// <summary>
/// Mutual TLS between the processes of a cluster. All files are read at start, and again before a connection is made if they have changed; open connections live on.
/// </summary>
internal sealed class ClusterTlsOptions
{
    public const string SectionName = $"{SiloHostOptions.SectionName}:{nameof(SiloHostOptions.Tls)}";

    /// <summary>In place of the cluster's id in a name.</summary>
    public const string ClusterMark = "{cluster}";

    /// <summary>This process's certificate, with those between it and the authority, and its key. Required.</summary>
    public CertificateOptions Certificate { get; set; } = new();

    /// <summary>PEM file of the authorities, 1 to 100, that sign the certificates of the cluster. No other is trusted, the machine's own included. Required.</summary>
    public string? Authority { get; set; }

    /// <summary>The URI among a certificate's alternative names that makes its holder a silo of this cluster. Default <c>urn:agentruntime:cluster:{cluster}:silo</c>.</summary>
    public string SiloName { get; set; } = $"urn:agentruntime:cluster:{ClusterMark}:silo";

    /// <summary>The URI that makes its holder a client of this cluster. Default <c>urn:agentruntime:cluster:{cluster}:client</c>.</summary>
    public string ClientName { get; set; } = $"urn:agentruntime:cluster:{ClusterMark}:client";
}
