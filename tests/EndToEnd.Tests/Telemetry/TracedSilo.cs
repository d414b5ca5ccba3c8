extern alias client;

using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Testing;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using AgentRuntimeClientOptions = client::AgentRuntime.Client.AgentRuntimeClientOptions;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Telemetry;

/// <summary>A silo process that exports to a receiver, with the agent <c>traced</c>, which calls a tool over HTTP; secrets that nothing may show.</summary>
internal sealed class TracedSilo : IAsyncDisposable
{
    public const string ToolSecret = "canary-secret-2f60";
    public const string ModelKey = "canary-key-c0de";
    public const string Tenant = "demo";

    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _keys = new();
    private readonly List<AgentRuntimeClient> _clients = [];
    private readonly List<SiloProcess> _silos = [];
    private DevIssuer? _issuer;

    public OtlpReceiver Receiver { get; private set; } = null!;

    public TracedPeers Peers { get; private set; } = null!;

    /// <summary>All that its processes said on both of their streams.</summary>
    public string Said => string.Join('\n', _silos.Select(silo => $"{string.Join('\n', silo.Events)}\n{silo.Errors}"));

    public async Task StartAsync(string risk)
    {
        Receiver = await OtlpReceiver.StartAsync();
        Peers = await TracedPeers.StartAsync();
        Directory.CreateDirectory(_keys.Path);
        await File.WriteAllTextAsync(_keys.At("key"), ModelKey);
        _silos.Add(await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path) with { Environment = Environment() }));
        _issuer = IssuedToken.IssuerOf(_silos[0]);
        await SetUpAsync(risk);
    }

    /// <summary>kill -9, and the same silo again.</summary>
    public async Task KillAndRestartAsync()
    {
        await _silos[^1].KillAsync();
        _silos.Add(await SiloProcess.StartAsync(_silos[^1].Options));
    }

    public AgentRuntimeClient As(string person, string role)
    {
        var made = new AgentRuntimeClient(new AgentRuntimeClientOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{_silos[^1].Options.GrpcPort}"),
            Token = _ => ValueTask.FromResult(IssuedToken.Sign(_issuer!, role == Roles.PlatformOperator ? null : Tenant, person, role)),
        });
        _clients.Add(made);
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(each => each.Dispose());
        foreach (var silo in _silos) await silo.DisposeAsync();
        if (Peers is not null) await Peers.DisposeAsync();
        if (Receiver is not null) await Receiver.DisposeAsync();
        _folder.Dispose();
        _keys.Dispose();
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Receiver.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["AGENTRT_Logging__Format"] = "json",
        ["AGENTRT_Models__OpenAI__m__Endpoint"] = $"{Peers.Address}v1",
        ["AGENTRT_Models__OpenAI__m__Model"] = "m",
        ["AGENTRT_Models__OpenAI__m__ApiKeyFile"] = _keys.At("key"),
        ["AGENTRT_Egress__Hosts__0"] = Peers.Address.Authority,
        ["AGENTRT_Egress__AllowPrivateHosts__0"] = Peers.Address.Authority,
        ["AGENTRT_SECRET__DEMO__TOKEN"] = ToolSecret,
    };

    private async Task SetUpAsync(string risk)
    {
        var settings = new Wire.TenantSettings { DisplayName = Tenant, EgressHosts = { Peers.Address.Authority } };
        await As("olga", Roles.PlatformOperator).Tenants.CreateTenantAsync(new Wire.CreateTenantRequest { TenantId = Tenant, Settings = settings });
        var developer = As("dave", Roles.Developer);
        var tool = await developer.Tools.RegisterToolAsync(new Wire.RegisterToolRequest
        {
            Parent = $"tenants/{Tenant}",
            Manifest = $$"""
                kind: Tool
                name: orders
                description: Finds an order.
                risk: {{risk}}
                effect: {{(risk == "read" ? "read" : "idempotent")}}
                egressHosts: ['{{Peers.Address.Authority}}']
                input: { type: object, properties: { order: { type: string } }, required: [order] }
                http: { method: POST, url: '{{Peers.Address}}orders', headers: { Authorization: 'secret:token' } }
                """,
        });
        await As("rita", Roles.ToolReviewer).Tools.PublishToolAsync(new Wire.PublishToolRequest { Name = tool.Name, ContractHash = tool.ContractHash });
        await developer.Agents.ApplyAgentAsync(new Wire.ApplyAgentRequest
        {
            Parent = $"tenants/{Tenant}",
            Manifest = $"kind: Agent\nname: traced\ninstructions: canary-instructions-4e2b\nmodel: m\nriskScope: {risk}\ntools: [orders]\n",
        });
    }
}
