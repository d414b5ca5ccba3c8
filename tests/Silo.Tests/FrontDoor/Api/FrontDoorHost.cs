extern alias client;

using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Models;
using AgentRuntime.Silo.Tests.FrontDoor.Identity;
using AgentRuntime.Silo.Tests.Hosting;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using AgentRuntimeClientOptions = client::AgentRuntime.Client.AgentRuntimeClientOptions;
using Wire = client::AgentRuntime.V1;

[assembly: AssemblyFixture(typeof(AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost))]

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>A whole silo in this process with one agent that can pay, and clients of its front door.</summary>
public sealed class FrontDoorHost : IAsyncLifetime
{
    public const int MaxWatches = 4;
    public const int MaxReceiveSeconds = 4;

    private readonly SiloInProcess _silo = new();
    private readonly List<AgentRuntimeClient> _clients = [];

    internal Uri Endpoint => _silo.Grpc;

    internal Uri HttpEndpoint => _silo.Http;

    internal DevIssuer Issuer => Services.GetRequiredService<DevIssuer>();

    internal IServiceProvider Services => _silo.Services;

    internal string DataFolder => _silo.DataFolder;

    internal IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> Served => Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public async ValueTask InitializeAsync()
    {
        await _silo.StartAsync(Configure);
        await SetUpAsync("acme");
        await SetUpAsync("other");
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _silo.DisposeAsync();
    }

    /// <summary>Ends a call that takes much longer than any should.</summary>
    internal static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    internal AgentRuntimeClient Client(string person, params string[] roles) => Client("acme", person, roles);

    internal AgentRuntimeClient Client(string? tenant, string person, string[] roles)
    {
        var made = new AgentRuntimeClient(new AgentRuntimeClientOptions
        {
            Endpoint = Endpoint,
            Patience = TimeSpan.Zero,
            Token = _ => ValueTask.FromResult(Token(tenant, person, roles)),
        });
        _clients.Add(made);
        return made;
    }

    internal string Token(string? tenant, string person, params string[] roles) => Token(tenant, person, TimeSpan.FromMinutes(15), roles);

    internal string Token(string? tenant, string person, TimeSpan lifetime, params string[] roles)
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = DevTokens.Claims(Issuer.Audience, now, roles);
        claims["exp"] = (now + lifetime).ToUnixTimeSeconds();
        claims["sub"] = person;
        claims["person"] = person;
        if (tenant is null) claims.Remove("tenant");
        else claims["tenant"] = tenant;
        return DevTokens.Sign(DevTokens.Header(), claims, Issuer.Key.ECDsa);
    }

    private static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddModel("asking", _ => new AskingModel());
        builder.Services.AddFunctionTools(functions => functions.Add(new FunctionTool(
            "pay",
            "Pays.",
            RiskLevel.Read,
            EffectClass.Idempotent,
            """{"type":"object","properties":{"cents":{"type":"integer"}},"required":["cents"]}""",
            null,
            (_, _) => ValueTask.FromResult<ToolOutcome>(new ToolOutcome.Succeeded("""{"paid":true}""", IsJson: true)))));
        builder.Services.Configure<FrontDoorOptions>(options =>
        {
            options.MaxWatchesPerTenant = MaxWatches;
            options.HeartbeatSeconds = 1;
            options.MaxReceiveSeconds = MaxReceiveSeconds;
        });
    }

    private async Task SetUpAsync(string tenant)
    {
        await Client(null, "olga", [Roles.PlatformOperator]).Tenants.CreateTenantAsync(
            new Wire.CreateTenantRequest { TenantId = tenant, Settings = new Wire.TenantSettings { DisplayName = tenant } });
        var developer = Client(tenant, "dave", [Roles.Developer]);
        var tool = await developer.Tools.RegisterToolAsync(new Wire.RegisterToolRequest
        {
            Parent = $"tenants/{tenant}",
            Manifest = """
                kind: Tool
                name: pay
                description: Pays.
                risk: write-high
                effect: idempotent
                input: { type: object, properties: { cents: { type: integer } }, required: [cents] }
                function: pay
                """,
        });
        await Client(tenant, "rita", [Roles.ToolReviewer]).Tools.PublishToolAsync(
            new Wire.PublishToolRequest { Name = tool.Name, ContractHash = tool.ContractHash });
        await developer.Agents.ApplyAgentAsync(new Wire.ApplyAgentRequest
        {
            Parent = $"tenants/{tenant}",
            Manifest = "kind: Agent\nname: payer\ninstructions: Pay.\nmodel: asking\nriskScope: write-high\ntools: [pay]\n",
        });
    }
}
