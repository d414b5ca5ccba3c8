using System.Collections.Concurrent;
using AgentRuntime.Agents;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Hosting;
using AgentRuntime.Models;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Chaos.Fork;

/// <summary>A silo with an agent that refunds, and the book of its refunds.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private const string Schema = """{"type":"object","properties":{"order":{"type":"integer"}},"required":["order"]}""";
    private const string Agent = "refunder";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _folder = new();
    private readonly ConcurrentQueue<string> _refunds = [];
    private WebApplication _app = null!;

    private IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    private IRunJournal Journal => _app.Services.GetRequiredService<IRunJournal>();

    public static async Task<Desk> OpenAsync(string? plant, CancellationToken cancellation)
    {
        var desk = new Desk();
        var builder = await AgentRuntimeHost.CreateBuilderAsync(
            new SiloHostOptions { DataFolder = desk._folder.Path, GrpcPort = 0, HttpPort = 0, SiloPort = 0 }, cancellation);
        builder.Logging.ClearProviders();
        builder.Services.AddModel(RefundModel.Name, _ => new RefundModel());
        builder.Services.AddFunctionTools(functions => desk.Tools().ForEach(tool => functions.Add(tool)));
        if (plant is not null)
            builder.Services.AddSingleton<IRunJournal>(services => ActivatorUtilities.CreateInstance<InheritingJournal>(services, ActivatorUtilities.CreateInstance<SqliteRunJournal>(services)));
        desk._app = builder.BuildSilo();
        await desk._app.StartAsync(cancellation);
        await desk.SetUpAsync();
        return desk;
    }

    /// <summary>Refunds that were made in a run.</summary>
    public int Refunds(RunKey run) => _refunds.Count(key => key.StartsWith($"{run}/", StringComparison.Ordinal));

    public async Task<RunKey> StartAsync(string request)
    {
        var run = Key(request);
        await Of(run).StartAsync(new StartRun(Agent, 0, "Refund order 7.", request, ChaosCast.Caller));
        return run;
    }

    public async Task<RunKey> ForkAsync(RunKey parent, long atSeq, bool live)
    {
        var request = $"fork-{atSeq}-{live}";
        await Of(Key(request)).ForkAsync(new ForkRun(parent.Run, atSeq, live, null, request, ChaosCast.Caller));
        return Key(request);
    }

    /// <summary>Waits until the run has nothing to do, and returns the question to a person if that is what it waits for.</summary>
    public async Task<ApprovalRequested?> SettledAsync(RunKey run)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var status = (await Of(run).GetAsync().WaitAsync(deadline.Token))!.Status;
            if (status is RunStatus.WaitingForApproval) return (await RecordsAsync(run)).OfType<ApprovalRequested>().Last();
            if (status is RunStatus.WaitingForInput || status.IsTerminal()) return null;
            await Task.Delay(5, deadline.Token);
        }
    }

    public Task ApproveAsync(RunKey run, ApprovalRequested asked) => Of(run).DecideAsync(
        new DecideApproval(
            Approvals.ApprovalId.Parse(asked.Approval),
            asked.Kind == Approvals.ApprovalKind.Call ? Approvals.ApprovalVerdict.Approve : Approvals.ApprovalVerdict.Retry,
            "the order came back",
            null,
            ChaosCast.Approver));

    public async Task<List<RunRecord>> RecordsAsync(RunKey run)
    {
        var reader = _app.Services.GetRequiredService<EntryReader>();
        var records = new List<RunRecord>();
        foreach (var entry in await Journal.ReadAsync(run, 0, int.MaxValue, int.MaxValue, CancellationToken.None))
            records.Add((await reader.ReadAsync(entry, CancellationToken.None)).Record!);
        return records;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static RunKey Key(string request) => new(ChaosCast.Tenant, RunIds.FromRequest(ChaosCast.Tenant, request));

    private IAgentRunGrain Of(RunKey run) => Grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(run.Tenant, run.Run));

    private List<FunctionTool> Tools() =>
    [
        new("look", "Looks an order up.", RiskLevel.Read, EffectClass.Read, Schema, null, static (_, _) => Answer("""{"cents":900}""")),
        new("refund", "Refunds an order.", RiskLevel.WriteHigh, EffectClass.AtMostOnce, Schema, null, (invocation, _) =>
        {
            _refunds.Enqueue(invocation.IdempotencyKey);
            return Answer("""{"refunded":900}""");
        }),
    ];

    private static ValueTask<ToolOutcome> Answer(string json) => ValueTask.FromResult<ToolOutcome>(new ToolOutcome.Succeeded(json, IsJson: true));

    private async Task SetUpAsync()
    {
        await Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(ChaosCast.Tenant)).CreateAsync(new TenantSettings("chaos", 1_000, []));
        var pins = new List<AgentTool>();
        foreach (var tool in Tools())
        {
            var grain = Grains.GetGrain<IToolGrain>(ToolGrainKey.For(ChaosCast.Tenant, ToolId.Parse(tool.Name)));
            var draft = await grain.RegisterAsync(tool.Draft(), ChaosCast.Author);
            await grain.PublishAsync(draft.Hash, ChaosCast.Reviewer);
            pins.Add(new AgentTool(tool.Name, draft.Hash));
        }

        var definition = new AgentDefinition("Refund.", RefundModel.Name, pins, new RunLimits(), RiskLevel.Critical, [], new ContextWindow());
        await Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(ChaosCast.Tenant, AgentId.Parse(Agent))).ApplyAsync(definition, ChaosCast.Author);
    }
}
