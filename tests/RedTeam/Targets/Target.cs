using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Hosting;
using AgentRuntime.Models;
using AgentRuntime.Models.Rules;
using AgentRuntime.RedTeam.Plants;
using AgentRuntime.Testing;
using AgentRuntime.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.RedTeam.Targets;

/// <summary>
/// What is attacked: a silo that trusts three issuers (one for tenant acme with all roles, one for tenant other as developer, one for the platform), and a silo with
/// the development issuer. Both have tenants acme and other.
/// </summary>
internal sealed class Target : IAsyncDisposable
{
    public const int MaxWatches = 16;
    public const int MaxReceiveSeconds = 10;
    public const int MaxHealthWatches = 32;
    public const int MaxReadSeconds = 8;
    public const int DumpedChars = 640 * 1024;

    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _devFolder = new();
    private WebApplication _app = null!;
    private WebApplication _dev = null!;

    private Target()
    {
    }

    public Wire Wire { get; } = new();

    public StorageLog Storage { get; } = new();

    public TestIssuer Acme { get; private set; } = null!;

    public TestIssuer Other { get; private set; } = null!;

    public TestIssuer Platform { get; private set; } = null!;

    /// <summary>The key that this cluster's development issuer had before issuers were configured.</summary>
    public DevIssuer FormerDev { get; private set; } = null!;

    public DevIssuer Dev => _dev.Services.GetRequiredService<DevIssuer>();

    public string DevFolder => _devFolder.Path;

    public Uri Grpc => new($"http://127.0.0.1:{_app.Services.GetRequiredService<SiloPorts>().Grpc}");

    public Uri Http => new($"http://127.0.0.1:{_app.Services.GetRequiredService<SiloPorts>().Http}");

    public Uri DevGrpc => new($"http://127.0.0.1:{_dev.Services.GetRequiredService<SiloPorts>().Grpc}");

    public static async Task<Target> StartAsync(string? plant)
    {
        var target = new Target
        {
            Acme = await TestIssuer.StartAsync(),
            Other = await TestIssuer.StartAsync(),
            Platform = await TestIssuer.StartAsync(),
        };
        target._dev = await StartSiloAsync(target._devFolder.Path, new ConfigurationBuilder().Build(), target.Storage, plant);
        target._app = await StartSiloAsync(target._folder.Path, target.Settings(), target.Storage, plant);
        target.FormerDev = DevIssuer.Open(target._folder.At("keys"), target._app.Services.GetRequiredService<FrontDoorPlace>().ClusterId);
        foreach (var tenant in new[] { "acme", "other" })
        {
            await target.RequireAsync(new Shot(target.Grpc, "/agentruntime.v1.Tenants/CreateTenant", Tenant(tenant)), target.Token(null, Roles.PlatformOperator));
            await target.RequireAsync(new Shot(target.DevGrpc, "/agentruntime.v1.Tenants/CreateTenant", Tenant(tenant)), target.DevToken(null, Roles.PlatformOperator));
        }

        return target;
    }

    /// <summary>A good token of the issuer that speaks for the tenant.</summary>
    public string Token(string? tenant, params string[] roles)
    {
        var issuer = tenant switch { null => Platform, "other" => Other, _ => Acme };
        return issuer.Token(Claims(issuer, tenant, roles));
    }

    public static JsonObject Claims(TestIssuer issuer, string? tenant, params string[] roles) => issuer.Claims(TimeProvider.System.GetUtcNow(), tenant, "anna", roles);

    /// <summary>A good token of the development issuer of the other silo.</summary>
    public string DevToken(string? tenant, params string[] roles) => SignDev(Dev, DevClaims(Dev, tenant, roles));

    public static JsonObject DevClaims(DevIssuer issuer, string? tenant, params string[] roles)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = issuer.Name, ["aud"] = issuer.Audience, ["iat"] = now, ["nbf"] = now, ["exp"] = now + 600, ["auth_time"] = now, ["jti"] = "1", ["sub"] = "anna", ["person"] = "anna",
            ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]),
        };
        if (tenant is not null) claims["tenant"] = tenant;
        return claims;
    }

    public static string SignDev(DevIssuer issuer, JsonObject claims) => IssuerKey.Of("dev", issuer.Key.ECDsa).Sign(claims);

    /// <summary>A call that any developer of the tenant may make.</summary>
    public Shot List(string tenant, string? token) => Authorised(new Shot(Grpc, "/agentruntime.v1.Runs/ListRuns", new V1.ListRunsRequest { Parent = $"tenants/{tenant}" }), token);

    public static Shot Authorised(Shot shot, string? token) => token is null ? shot : shot.With("authorization", $"Bearer {token}");

    /// <summary>A call that must succeed, for what attacks need to be there.</summary>
    public async Task<byte[]> RequireAsync(Shot shot, string token)
    {
        var answer = await Wire.CallAsync(Authorised(shot, token));
        return answer.Reason.Length == 0 ? answer.Body : throw new InvalidOperationException($"{shot.Method} was refused: {answer.Reason}");
    }

    public async ValueTask DisposeAsync()
    {
        Wire.Dispose();
        foreach (var app in new[] { _app, _dev })
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        foreach (var issuer in new[] { Acme, Other, Platform }) await issuer.DisposeAsync();
        _folder.Dispose();
        _devFolder.Dispose();
    }

    private static async Task<WebApplication> StartSiloAsync(string folder, IConfiguration settings, StorageLog storage, string? plant)
    {
        var builder = await AgentRuntimeHost.CreateBuilderAsync(new SiloHostOptions { DataFolder = folder, GrpcPort = 0, HttpPort = 0, SiloPort = 0 }, settings, CancellationToken.None);
        builder.Logging.ClearProviders();
        builder.Services.Configure<FrontDoorOptions>(options =>
        {
            (options.MaxWatchesPerTenant, options.MaxHealthWatches, options.HeartbeatSeconds) = (MaxWatches, MaxHealthWatches, 1);
            (options.MaxReadSeconds, options.MaxReceiveSeconds) = (MaxReadSeconds, MaxReceiveSeconds);
        });
        builder.Services.AddModel("done", _ => new RulesChatClient(RuleSet.Parse("kind: Rules\nname: done\nrules:\n  - name: done\n    answer: done\n")));
        builder.Services.AddModel("echo", _ => new EchoingModel());
        builder.Services.AddModel("dumping", _ => new DumpingModel());
        builder.Services.AddFunctionTools(functions => functions.Add(Ask, "ask").Add(Dump, "dump"));
        storage.Record(builder.Services);
        Plant.Make(plant, builder.Services);
        var app = builder.BuildSilo();
        await app.StartAsync();
        return app;
    }

    private IConfiguration Settings()
    {
        var settings = new Dictionary<string, string?>();
        Add("acme", Acme, "acme", [.. Roles.OfTenants]);
        Add("other", Other, "other", [Roles.Developer]);
        Add("platform", Platform, null, []);
        settings["FrontDoor:Identity:Issuers:platform:Platform"] = "true";
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

        void Add(string key, TestIssuer issuer, string? tenant, string[] roles)
        {
            var at = $"FrontDoor:Identity:Issuers:{key}";
            settings[$"{at}:Authority"] = issuer.Authority;
            settings[$"{at}:Audience"] = "agentruntime";
            settings[$"{at}:PersonClaim"] = "email";
            if (tenant is not null) settings[$"{at}:Tenants:0"] = tenant;
            for (var i = 0; i < roles.Length; i++) settings[$"{at}:Roles:{i.ToString(CultureInfo.InvariantCulture)}"] = roles[i];
        }
    }

    private static V1.CreateTenantRequest Tenant(string id) => new() { TenantId = id, Settings = new V1.TenantSettings { DisplayName = id } };

    [Description("Asks."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    private static string Ask() => "asked";

    [Description("Dumps."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    private static string Dump() => new('x', DumpedChars);
}
