using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Hosting;
using AgentRuntime.Models;
using AgentRuntime.Runs;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Benchmarks;

/// <summary>One silo in this process, as the product hosts it, on a folder of its own, with one tenant, one tool and one agent.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    public static readonly TenantId Tenant = TenantId.Parse("bench");
    public static readonly Principal Caller = new("bench", "caller", null, Tenant, [Roles.Agent], DateTimeOffset.UnixEpoch);
    public static readonly TenantId Neighbour = TenantId.Parse("neighbour");
    private static readonly Principal Author = new("bench", "author", "author", Tenant, [Roles.Developer], DateTimeOffset.UnixEpoch);
    private static readonly Principal Reviewer = new("bench", "reviewer", "reviewer", Tenant, [Roles.ToolReviewer], DateTimeOffset.UnixEpoch);

    private readonly WebApplication _app;

    // A store that is not this silo's own has the runs of others.
    private readonly string _start = $"{Guid.NewGuid():N}"[..8];
    private readonly FunctionTool _tool;
    private readonly RunLimits _limits;
    private readonly ContextWindow _context;
    private long _requests;
    private bool _ownsFolder;

    private BenchSilo(WebApplication app, string folder, FunctionTool tool, RunLimits limits, ContextWindow context) =>
        (_app, Folder, _tool, _limits, _context) = (app, folder, tool, limits, context);

    public string Folder { get; }

    public IServiceProvider Services => _app.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Where gRPC is served.</summary>
    public string Endpoint => $"http://127.0.0.1:{Services.GetRequiredService<SiloPorts>().Grpc}";

    public RunSignals Signals => Services.GetRequiredService<RunSignals>();

    /// <summary>Starts a silo whose agent <c>bench</c> has <paramref name="model"/> and <paramref name="tool"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="limits">The limits of its runs.</param>
    /// <param name="context">What its model sees.</param>
    /// <param name="settings">Settings of the silo, such as where its store is; null for none.</param>
    /// <param name="configure">Changes what the silo is made of.</param>
    public static async Task<BenchSilo> StartAsync(IChatClient model, FunctionTool tool, RunLimits limits, ContextWindow context, IConfiguration? settings = null, Action<IServiceCollection>? configure = null)
    {
        var folder = NewFolder();
        var silo = await JoinAsync(model, tool, limits, context, folder, settings, configure);
        silo._ownsFolder = true;
        await silo.AddTenantAsync(Tenant);
        return silo;
    }

    /// <summary>A path where nothing is.</summary>
    public static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("agent-runtime-bench-").FullName;
        Directory.Delete(folder);
        return folder;
    }

    /// <summary>Starts one on a folder that others may serve as well. It has no tenant of its own.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<BenchSilo> JoinAsync(
        IChatClient model, FunctionTool tool, RunLimits limits, ContextWindow context, string folder, IConfiguration? settings = null, Action<IServiceCollection>? configure = null)
    {
        var options = new SiloHostOptions { DataFolder = folder, GrpcPort = 0, HttpPort = 0, SiloPort = 0 };
        settings?.GetSection(SiloHostOptions.SectionName).Bind(options);
        var builder = settings is null ? await AgentRuntimeHost.CreateBuilderAsync(options) : await AgentRuntimeHost.CreateBuilderAsync(options, settings, CancellationToken.None);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddModel("bench-model", _ => model);
        builder.Services.AddFunctionTools(tools => tools.Add(tool));
        configure?.Invoke(builder.Services);
        var app = builder.BuildSilo();
        await app.StartAsync();
        return new BenchSilo(app, folder, tool, limits, context);
    }

    /// <summary>A credential that starts and gets runs of a tenant, good for ten minutes.</summary>
    public string Token(TenantId tenant)
    {
        var issuer = Services.GetRequiredService<DevIssuer>();
        var now = TimeProvider.System.GetUtcNow();
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer.Name,
            Audience = issuer.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.AddMinutes(10).UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = "caller", ["tenant"] = tenant.Value, ["roles"] = new[] { Roles.Agent }, ["auth_time"] = now.ToUnixTimeSeconds(), ["jti"] = $"{Guid.NewGuid():N}",
            },
            SigningCredentials = new SigningCredentials(issuer.Key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    /// <summary>Starts a run and returns its key.</summary>
    public async Task<RunKey> StartRunAsync(string input)
    {
        var request = NextRequest();
        var key = new RunKey(Tenant, RunIds.FromRequest(Tenant, request));
        await Run(key).StartAsync(new StartRun("bench", 0, input, request, Caller));
        return key;
    }

    /// <summary>Starts a run and waits until it is terminal.</summary>
    public async Task<RunKey> CompleteRunAsync(string input)
    {
        var request = NextRequest();
        var key = new RunKey(Tenant, RunIds.FromRequest(Tenant, request));
        var end = Signals.End(key);
        await Run(key).StartAsync(new StartRun("bench", 0, input, request, Caller));
        await end;
        return key;
    }

    public IAgentRunGrain Run(RunKey key) => Grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(key.Tenant, key.Run));

    /// <summary>Another tenant with the same tool and agent.</summary>
    public async Task AddTenantAsync(TenantId tenant)
    {
        await Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(tenant)).CreateAsync(new TenantSettings(tenant.Value, 10_000_000, []));
        var grain = Grains.GetGrain<IToolGrain>(ToolGrainKey.For(tenant, ToolId.Parse("bench-tool")));
        var draft = await grain.RegisterAsync(_tool.Draft(), Author with { Tenant = tenant });
        await grain.PublishAsync(draft.Hash, Reviewer with { Tenant = tenant });
        var definition = new AgentDefinition("Work.", "bench-model", [new AgentTool("bench-tool", draft.Hash)], _limits, RiskLevel.Critical, [], _context);
        await Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(tenant, AgentId.Parse("bench"))).ApplyAsync(definition, Author with { Tenant = tenant });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsFolder) Directory.Delete(Folder, recursive: true);
    }

    private string NextRequest() => FormattableString.Invariant($"{_start}-{Interlocked.Increment(ref _requests)}");
}
