using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Hosting;
using AgentRuntime.Models;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>A silo as the product hosts it, with a scripted model, scripted tools and, on demand, parts that fail.</summary>
internal sealed class RunSilo : IAsyncDisposable
{
    private const string Input = """{"type":"object","properties":{"n":{"type":"integer"}}}""";

    private readonly WebApplication _app;
    private int _runs;
    private int _agents;

    private RunSilo(WebApplication app, string folder, RunScripts scripts) => (_app, Folder, Scripts) = (app, folder, scripts);

    public string Folder { get; }

    public RunScripts Scripts { get; }

    public IGrainFactory Grains => Get<IGrainFactory>();

    public IRunJournal Journal => Get<IRunJournal>();

    public IApprovalInbox Inbox => Get<IApprovalInbox>();

    public static async Task<RunSilo> StartAsync(
        string folder, RunScripts scripts, Action<IServiceCollection>? equip = null, IConfiguration? settings = null, params string[] serves)
    {
        var options = new SiloHostOptions { DataFolder = folder, GrpcPort = 0, HttpPort = 0, SiloPort = 0, StopTimeoutSeconds = 2, Serves = serves };
        settings?.GetSection(SiloHostOptions.SectionName).Bind(options);
        var builder = await AgentRuntimeHost.CreateBuilderAsync(options, settings, CancellationToken.None);
        builder.Logging.ClearProviders();
        builder.Services.AddModel(ScriptedModel.Name, _ => new ScriptedModel(scripts), "secret");
        builder.Services.AddFunctionTools(functions => RunCast.AllTools.ToList().ForEach(name => functions.Add(Tool(name, scripts))));
        equip?.Invoke(builder.Services);
        var app = builder.BuildSilo();
        await app.StartAsync();
        return new RunSilo(app, folder, scripts);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Creates a tenant with all tools published and the agent <see cref="RunCast.Agent"/>.</summary>
    public async Task SetUpAsync(TenantId tenant, int maxOpenRuns = 100_000)
    {
        await Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(tenant)).CreateAsync(new TenantSettings("Acme", maxOpenRuns, []));
        await Task.WhenAll(RunCast.AllTools.Select(name => PublishAsync(tenant, name, Tool(name, Scripts).Draft())));
        await ApplyAsync(tenant, RunCast.Agent, new RunLimits(), new ContextWindow(), RunCast.AllTools);
    }

    /// <summary>Registers and publishes a tool on the function <paramref name="function"/> with another time limit.</summary>
    public Task AddToolAsync(string name, string function, int timeoutMs) =>
        PublishAsync(RunCast.Tenant, name, Tool(function, Scripts).Draft() with { WireName = name, TimeoutMs = timeoutMs });

    /// <summary>Applies an agent of its own name and returns the name.</summary>
    public async Task<string> AddAgentAsync(RunLimits? limits = null, ContextWindow? context = null, params string[] tools)
    {
        var name = $"agent-{Interlocked.Increment(ref _agents)}";
        await ApplyAsync(
            RunCast.Tenant, name, limits ?? new RunLimits(), context ?? new ContextWindow(), tools.Length == 0 ? RunCast.AllTools : tools);
        return name;
    }

    /// <summary>A run that is not started yet.</summary>
    public TestRun NewRun(Func<ModelTurn, Task<Microsoft.Extensions.AI.ChatResponse>> model, ToolScript? tool = null, string agent = RunCast.Agent, TenantId? tenant = null)
    {
        var request = $"request-{Interlocked.Increment(ref _runs)}";
        var of = tenant ?? RunCast.Tenant;
        var run = new TestRun(this, new RunKey(of, RunIds.FromRequest(of, request)), new StartRun(agent, 0, $"input of {of}/{request}", request, RunCast.App));
        Scripts.Set(run.Command.Input, model);
        if (tool is not null) Scripts.Set(run.Key, tool);
        return run;
    }

    /// <summary>A run that is started.</summary>
    public async Task<TestRun> RunAsync(Func<ModelTurn, Task<Microsoft.Extensions.AI.ChatResponse>> model, ToolScript? tool = null, string agent = RunCast.Agent)
    {
        var run = NewRun(model, tool, agent);
        await run.StartAsync();
        return run;
    }

    /// <summary>Tells the silo to stop, as a signal does, without waiting for it.</summary>
    public void BeginStop() => _app.Lifetime.StopApplication();

    /// <summary>Ends without waiting for anything that is under way.</summary>
    public async Task AbortAsync()
    {
        try
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
        }

        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static FunctionTool Tool(string name, RunScripts scripts)
    {
        var (risk, effect) = name switch
        {
            RunCast.Look => (RiskLevel.Read, EffectClass.Read),
            RunCast.Put => (RiskLevel.Write, EffectClass.Idempotent),
            RunCast.Once => (RiskLevel.Write, EffectClass.AtMostOnce),
            RunCast.Pay => (RiskLevel.WriteHigh, EffectClass.Idempotent),
            RunCast.PayOnce => (RiskLevel.WriteHigh, EffectClass.AtMostOnce),
            _ => (RiskLevel.Critical, EffectClass.AtMostOnce),
        };
        return new FunctionTool(name, $"Does {name}.", risk, effect, Input, null, scripts.InvokeAsync);
    }

    private async Task PublishAsync(TenantId tenant, string name, ToolContract contract)
    {
        var tool = Grains.GetGrain<IToolGrain>(ToolGrainKey.For(tenant, ToolId.Parse(name)));
        var draft = await tool.RegisterAsync(contract, RunCast.Author with { Tenant = tenant });
        await tool.PublishAsync(draft.Hash, RunCast.Reviewer with { Tenant = tenant });
    }

    private async Task ApplyAsync(TenantId tenant, string name, RunLimits limits, ContextWindow context, IReadOnlyList<string> tools)
    {
        var definition = new AgentDefinition(
            "Work.", ScriptedModel.Name, [.. tools.Select(tool => new AgentTool(tool, ""))], limits, RiskLevel.Critical, [], context);
        await Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(tenant, AgentId.Parse(name))).ApplyAsync(definition, RunCast.Author with { Tenant = tenant });
    }
}
