
namespace AgentRuntime.Hosting;

/// <summary>The ports that this silo has, none of them 0.</summary>
internal sealed record SiloPorts(int Grpc, int Http, int Silo)
{
    /// <exception cref="PortInUseException">One of them is busy.</exception>
    public static SiloPorts Require(SiloHostOptions options)
    {
        int Offset(int port) => port == 0 ? 0 : port + options.PortOffset;
        return new SiloPorts(
            LoopbackPort.Require(Offset(options.GrpcPort), "gRPC", $"--grpc-port ({SiloHostOptions.SectionName}:{nameof(options.GrpcPort)})"),
            LoopbackPort.Require(Offset(options.HttpPort), "HTTP", $"--http-port ({SiloHostOptions.SectionName}:{nameof(options.HttpPort)})"),
            LoopbackPort.Require(Offset(options.SiloPort), "the silo", $"--silo-port ({SiloHostOptions.SectionName}:{nameof(options.SiloPort)})"));
    }
}
