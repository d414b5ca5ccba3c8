using System.CommandLine;
using AgentRuntime.Common;
using AgentRuntime.Telemetry;

namespace AgentRuntime.Hosting.Commands;

/// <summary>The options that every command which runs a silo takes. They win over the environment, that over the file of settings, and that over the defaults.</summary>
internal sealed class SiloOptionSet
{
    private readonly Option<string?> _data = new("--data") { Description = "Data folder. Default: AGENTRT_DATA, then .agentruntime", Recursive = true };
    private readonly Option<int?> _grpcPort = new("--grpc-port") { Description = "Port of the gRPC API. Default 5101; 0 takes a free one", Recursive = true };
    private readonly Option<int?> _httpPort = new("--http-port") { Description = "Port of JSON over HTTP. Default 5201; 0 takes a free one", Recursive = true };
    private readonly Option<int?> _siloPort = new("--silo-port") { Description = "Port between silos. Default 11111; 0 takes a free one", Recursive = true };
    private readonly Option<int?> _portOffset = new("--port-offset") { Description = "Added to all three ports: for another silo on the same data folder", Recursive = true };
    private readonly Option<string?> _store = new("--store") { Description = "Where the state of the cluster lies: embedded (default), in the data folder; or aws, see the settings below Aws", Recursive = true };
    private readonly Option<string[]> _serves = new("--serves") { Description = "Serve the segment of this tenant and nothing else; may be given again", Recursive = true };
    private readonly Option<string?> _settings = new("--settings") { Description = "JSON file of settings, which the environment wins over. Default: AGENTRT_SETTINGS, then none", Recursive = true };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object a line", Recursive = true };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_grpcPort);
        command.Options.Add(_httpPort);
        command.Options.Add(_siloPort);
        command.Options.Add(_portOffset);
        command.Options.Add(_store);
        command.Options.Add(_serves);
        command.Options.Add(_settings);
        command.Options.Add(_json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The file of settings, where there is one, then the environment (<c>AGENTRT_Silo__GrpcPort</c> and so on, and the variables of OpenTelemetry).</summary>
    /// <exception cref="AgentRuntimeException">The file cannot be read.</exception>
    public IConfiguration Settings(ParseResult parsed)
    {
        var environment = new ConfigurationBuilder().AddEnvironmentVariables(AgentRuntimeHost.SettingPrefix).AddTelemetryVariables().Build();
        if ((parsed.GetValue(_settings) ?? environment["SETTINGS"]) is not { } file) return environment;
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file), optional: false).AddEnvironmentVariables(AgentRuntimeHost.SettingPrefix).AddTelemetryVariables().Build();
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new AgentRuntimeException(ErrorCode.InvalidArgument, $"--settings: '{file}' is no JSON file that can be read. {failure.GetBaseException().Message.ReplaceLineEndings(" ")}", inner: failure);
        }
    }

    /// <summary>Defaults, then the settings, then the command line.</summary>
    /// <exception cref="AgentRuntimeException">A setting does not parse.</exception>
    public SiloHostOptions Read(ParseResult parsed)
    {
        var configuration = Settings(parsed);
        var options = new SiloHostOptions();
        try
        {
            configuration.GetSection(SiloHostOptions.SectionName).Bind(options);
        }
        catch (InvalidOperationException failure)
        {
            throw new AgentRuntimeException(
                ErrorCode.InvalidArgument, $"{failure.Message.TrimEnd('.')}. Correct it in the file of settings, or in the environment: there ':' is written '__', after {AgentRuntimeHost.SettingPrefix}.", inner: failure);
        }

        options.DataFolder = parsed.GetValue(_data) ?? configuration["DATA"] ?? options.DataFolder;
        options.GrpcPort = parsed.GetValue(_grpcPort) ?? options.GrpcPort;
        options.HttpPort = parsed.GetValue(_httpPort) ?? options.HttpPort;
        options.SiloPort = parsed.GetValue(_siloPort) ?? options.SiloPort;
        options.PortOffset = parsed.GetValue(_portOffset) ?? options.PortOffset;
        options.Store = parsed.GetValue(_store) ?? options.Store;
        if (parsed.GetValue(_serves) is { Length: > 0 } serves) options.Serves = serves;
        return options;
    }
}
