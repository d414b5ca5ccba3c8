using System.CommandLine;
using AgentRuntime.Common;

namespace AgentRuntime.Hosting.Commands;

/// <summary>The options that every command which runs a silo takes. They win over the environment, and that over the defaults.</summary>
internal sealed class SiloOptionSet
{
    private readonly Option<string?> _data = new("--data") { Description = "Data folder. Default: AGENTRT_DATA, then .agentruntime", Recursive = true };
    private readonly Option<int?> _grpcPort = new("--grpc-port") { Description = "Port of the gRPC API. Default 5101; 0 takes a free one", Recursive = true };
    private readonly Option<int?> _httpPort = new("--http-port") { Description = "Port of JSON over HTTP. Default 5201; 0 takes a free one", Recursive = true };
    private readonly Option<int?> _siloPort = new("--silo-port") { Description = "Port between silos. Default 11111; 0 takes a free one", Recursive = true };
    private readonly Option<int?> _portOffset = new("--port-offset") { Description = "Added to all three ports: for another silo on the same data folder", Recursive = true };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object a line", Recursive = true };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_grpcPort);
        command.Options.Add(_httpPort);
        command.Options.Add(_siloPort);
        command.Options.Add(_portOffset);
        command.Options.Add(_json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Defaults, then the environment (<c>AGENTRT_DATA</c>, <c>AGENTRT_Silo__GrpcPort</c> and so on), then the command line.</summary>
    /// <exception cref="AgentRuntimeException">A setting does not parse.</exception>
    public SiloHostOptions Read(ParseResult parsed)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables(AgentRuntimeHost.SettingPrefix).Build();
        var options = new SiloHostOptions();
        try
        {
            configuration.GetSection(SiloHostOptions.SectionName).Bind(options);
        }
        catch (InvalidOperationException failure)
        {
            throw new AgentRuntimeException(
                ErrorCode.InvalidArgument, $"{failure.Message.TrimEnd('.')}. Correct it in the environment: ':' is written '__', after {AgentRuntimeHost.SettingPrefix}.", inner: failure);
        }

        options.DataFolder = parsed.GetValue(_data) ?? configuration["DATA"] ?? options.DataFolder;
        options.GrpcPort = parsed.GetValue(_grpcPort) ?? options.GrpcPort;
        options.HttpPort = parsed.GetValue(_httpPort) ?? options.HttpPort;
        options.SiloPort = parsed.GetValue(_siloPort) ?? options.SiloPort;
        options.PortOffset = parsed.GetValue(_portOffset) ?? options.PortOffset;
        return options;
    }
}
