using System.Text.Json.Nodes;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Models;

/// <summary>A silo with a model of its own, and runs of an agent on that model.</summary>
internal sealed class ModelRuns : IAsyncDisposable
{
    public const string Model = "assistant";

    private readonly ScratchFolder _folder = new();
    private readonly RunScripts _scripts = new();
    private readonly Action<IServiceCollection> _addModel;
    private RunSilo _silo = null!;

    private ModelRuns(Action<IServiceCollection> addModel) => _addModel = addModel;

    public static async Task<ModelRuns> StartAsync(Action<IServiceCollection> addModel)
    {
        var runs = new ModelRuns(addModel);
        runs._silo = await RunSilo.StartAsync(runs._folder.Path, runs._scripts, addModel);
        await runs._silo.SetUpAsync(RunCast.Tenant);
        return runs;
    }

    /// <summary>Ends the silo without waiting for what is under way, and starts another one on its folder.</summary>
    /// <returns>The run as the new silo has it.</returns>
    public async Task<TestRun> KillAsync(TestRun run)
    {
        await _silo.AbortAsync();
        _silo = await RunSilo.StartAsync(_folder.Path, _scripts, _addModel);
        return run.On(_silo);
    }

    public async Task<TestRun> RunAsync(string request, ContextWindow? context = null, RunLimits? limits = null)
    {
        var definition = new AgentDefinition(
            "Work.", Model, [new AgentTool(RunCast.Look, ""), new AgentTool(RunCast.Put, "")], limits ?? new RunLimits(), RiskLevel.Write, [], context ?? new ContextWindow());
        await _silo.Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(RunCast.Tenant, AgentId.Parse(request))).ApplyAsync(definition, RunCast.Author);
        var key = new RunKey(RunCast.Tenant, RunIds.FromRequest(RunCast.Tenant, request));
        var run = new TestRun(_silo, key, new StartRun(request, 0, $"input of {request}", request, RunCast.App));
        await run.StartAsync();
        return run;
    }

    /// <summary>A run's records as the journal holds them, without what depends on clock and silo.</summary>
    public async Task<IReadOnlyList<string>> JournalAsync(TestRun run)
    {
        var reader = _silo.Get<EntryReader>();
        var lines = new List<string>();
        foreach (var entry in await run.EntriesAsync())
        {
            var stored = await reader.ReadAsync(entry, CancellationToken.None);
            var payload = JsonNode.Parse(stored.Payload.Span)!.AsObject();
            foreach (var varying in new[] { "retryAt", "deadline", "owner" }) payload.Remove(varying);
            lines.Add($"{stored.Header.Seq} {stored.Header.Alias} {stored.Header.Actor} {payload.ToJsonString()}");
        }

        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }
}
