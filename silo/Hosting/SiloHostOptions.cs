using AgentRuntime.Hosting.Tls;

namespace AgentRuntime.Hosting;

/// <summary>Where a silo process keeps its data and listens. Unless told otherwise everything listens on loopback only.</summary>
internal sealed class SiloHostOptions
{
    public const string SectionName = "Silo";
    public const string EmbeddedStore = "embedded";
    public const string AwsStore = "aws";

    /// <summary>The data folder; relative to the current folder. Default <c>.agentruntime</c>. Processes with the same folder form one cluster.</summary>
    public string DataFolder { get; set; } = ".agentruntime";

    /// <summary>
    /// Where the state of the cluster lies. <c>embedded</c>, the default: in the data folder. <c>aws</c>: in the tables and the bucket that the section Aws names; the
    /// data folder then keeps only what is this machine's.
    /// </summary>
    public string Store { get; set; } = EmbeddedStore;

    /// <summary>Port of the gRPC API (HTTP/2 without TLS). 0 to 65535, default 5101; 0 takes a free one.</summary>
    public int GrpcPort { get; set; } = 5101;

    /// <summary>Port of JSON over HTTP/1.1. 0 to 65535, default 5201; 0 takes a free one.</summary>
    public int HttpPort { get; set; } = 5201;

    /// <summary>
    /// Port that silos talk to each other on. 0 to 65535, default 11111; 0 takes a free one. A silo that comes back on the port that it had
    /// replaces its predecessor at once.
    /// </summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>IP address by which the other silos reach this one. Default 127.0.0.1. Any that is not loopback needs <see cref="Tls"/> and a store that several hosts share.</summary>
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>IP address that silos and clients of the cluster are awaited on. Default: the advertised one; 0.0.0.0 is all, for where the advertised one is not the machine's own.</summary>
    public string? ListenAddress { get; set; }

    /// <summary>
    /// Port for Orleans clients of the cluster, which may do everything that a silo may: processes of the platform, never a tenant's. 0 to 65535; 0 takes a free
    /// one. Default none: nobody comes in that way. Needs <see cref="Tls"/>.
    /// </summary>
    public int? GatewayPort { get; set; }

    /// <summary>Mutual TLS between silos, and with clients of the cluster. Default none: clear text, on loopback only.</summary>
    public ClusterTlsOptions? Tls { get; set; }

    /// <summary>Added to each of the ports that is not 0, for a second and third silo on one host. 0 to 10000, default 0.</summary>
    public int PortOffset { get; set; }

    /// <summary>Orleans service id, <c>[a-z0-9-]{1,64}</c>. Fixed when the folder is made; null takes what the folder has.</summary>
    public string? ServiceId { get; set; }

    /// <summary>Orleans cluster id, <c>[a-z0-9-]{1,64}</c>. Fixed when the folder is made; null takes what the folder has, or a random one.</summary>
    public string? ClusterId { get; set; }

    /// <summary>
    /// The tenants whose segments this silo serves, each named in <c>Tenancy:Segments</c>. It then serves nobody else. None (default): it serves the
    /// tenants that have no segment.
    /// </summary>
    public IList<string> Serves { get; set; } = [];

    /// <summary>How long a silo that is told to stop may take to hand its work over. 1 to 300 s, default 20. Longer loses less work to a repeated step.</summary>
    public int StopTimeoutSeconds { get; set; } = 20;
}
