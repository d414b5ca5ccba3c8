namespace AgentRuntime.Hosting;

/// <summary>The ports that this silo has; only that of the gateway may be 0, for none.</summary>
internal sealed record SiloPorts(int Grpc, int Http, int Silo, int Gateway)
{
    /// <exception cref="PortInUseException">One of them is busy.</exception>
    public static SiloPorts Require(SiloHostOptions options)
    {
        int Offset(int port) => port == 0 ? 0 : port + options.PortOffset;
        string Key(string name) => $"{SiloHostOptions.SectionName}:{name}";
        var cluster = ClusterPlace.Listened(options);
        return new SiloPorts(
            OwnPort.Require(Offset(options.GrpcPort), "gRPC", $"--grpc-port ({Key(nameof(options.GrpcPort))})"),
            OwnPort.Require(Offset(options.HttpPort), "HTTP", $"--http-port ({Key(nameof(options.HttpPort))})"),
            OwnPort.Require(cluster, Offset(options.SiloPort), "the silo", $"--silo-port ({Key(nameof(options.SiloPort))})"),
            options.GatewayPort is { } gateway ? OwnPort.Require(cluster, Offset(gateway), "the gateway", Key(nameof(options.GatewayPort))) : 0);
    }
}
