using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Hosting;
using AgentRuntime.Models;
using AgentRuntime.Runs;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Benchmarks;

/// <summary>One silo in this process, as the product hosts it, on a folder of its own, with one tenant, one tool and one agent.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    public static readonly TenantId Tenant = TenantId.Parse("bench");
    public static readonly Principal Caller = new("bench", "caller", null, Tenant, [Roles.Agent], DateTimeOffset.UnixEpoch);
    private static readonly Principal Author = new("bench", "author", "author", Tenant, [Roles.Developer], DateTimeOffset.UnixEpoch);
    private static readonly Principal Reviewer = new("bench", "reviewer", "reviewer", Tenant, [Roles.ToolReviewer], DateTimeOffset.UnixEpoch);

    private readonly WebApplication _app;
    private long _requests;

    private BenchSilo(WebApplication app, string folder) => (_app, Folder) = (app, folder);

    public string Folder { get; }

    public IServiceProvider Services => _app.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public RunSignals Signals => Services.GetRequiredService<RunSignals>();

    /// <summary>Starts a silo whose agent <c>bench</c> has <paramref name="model"/> and <paramref name="tool"/>.</summary>
    public static async Task<BenchSilo> StartAsync(IChatClient model, FunctionTool tool, RunLimits limits, ContextWindow context)
    {
        var folder = Directory.CreateTempSubdirectory("agent-runtime-bench-").FullName;
        Directory.Delete(folder);
        var options = new SiloHostOptions { DataFolder = folder, GrpcPort = 0, HttpPort = 0, SiloPort = 0 };
        var builder = await AgentRuntimeHost.CreateBuilderAsync(options);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddModel("bench-model", _ => model);
        builder.Services.AddFunctionTools(tools => tools.Add(tool));
        var app = builder.BuildSilo();
        await app.StartAsync();
        var silo = new BenchSilo(app, folder);
        await silo.ApplyAsync(tool, limits, context);
        return silo;
    }

    /// <summary>Starts a run and returns its key.</summary>
    public async Task<RunKey> StartRunAsync(string input)
    {
        var request = $"r{Interlocked.Increment(ref _requests)}";
        var key = new RunKey(Tenant, RunIds.FromRequest(Tenant, request));
        await Run(key).StartAsync(new StartRun("bench", 0, input, request, Caller));
        return key;
    }

    /// <summary>Starts a run and waits until it is terminal.</summary>
    public async Task<RunKey> CompleteRunAsync(string input)
    {
        var request = $"r{Interlocked.Increment(ref _requests)}";
        var key = new RunKey(Tenant, RunIds.FromRequest(Tenant, request));
        var end = Signals.End(key);
        await Run(key).StartAsync(new StartRun("bench", 0, input, request, Caller));
        await end;
        return key;
    }

    public IAgentRunGrain Run(RunKey key) => Grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(key.Tenant, key.Run));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task ApplyAsync(FunctionTool tool, RunLimits limits, ContextWindow context)
    {
        await Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(Tenant)).CreateAsync(new TenantSettings("bench", 10_000_000, []));
        var grain = Grains.GetGrain<IToolGrain>(ToolGrainKey.For(Tenant, ToolId.Parse("bench-tool")));
        var draft = await grain.RegisterAsync(tool.Draft(), Author);
        await grain.PublishAsync(draft.Hash, Reviewer);
        var definition = new AgentDefinition(
            "Work.", "bench-model", [new AgentTool("bench-tool", draft.Hash)], limits, RiskLevel.Critical, [], context);
        await Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(Tenant, AgentId.Parse("bench"))).ApplyAsync(definition, Author);
    }
}
