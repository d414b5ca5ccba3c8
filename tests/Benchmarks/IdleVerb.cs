using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Benchmarks;

/// <summary>What runs cost that wait for an approval: rows in the index, and neither memory nor activations.</summary>
internal static class IdleVerb
{
    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Runs that wait.", DefaultValueFactory = _ => 100_000 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("idle", "Memory and activations of waiting runs.") { runs, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var payloads = new BenchPayloads(1);
            await using var silo = await BenchSilo.StartAsync(
                new ScriptedModel(payloads), payloads.Tool(RiskLevel.WriteHigh), new RunLimits(), new ContextWindow());
            await StartAsync(silo, 1_000, cancellation);
            var before = ResidentBytes();
            await StartAsync(silo, parsed.GetValue(runs), cancellation);
            var figures = await MeasureAsync(silo, parsed.GetValue(runs) + 1_000, before, cancellation);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, FigureJson.Options) : figures.ToString());
            return 0;
        });
        return command;
    }

    private static Task StartAsync(BenchSilo silo, int runs, CancellationToken cancellation) => Parallel.ForEachAsync(
        Enumerable.Range(0, runs),
        new ParallelOptions { MaxDegreeOfParallelism = 256, CancellationToken = cancellation },
        async (_, _) => await silo.StartRunAsync("1"));

    private static async Task<IdleFigures> MeasureAsync(BenchSilo silo, int runs, long before, CancellationToken cancellation)
    {
        var catalog = silo.Services.GetRequiredService<IRunCatalog>();
        var deadline = Stopwatch.GetTimestamp();
        long waiting;
        int activated;
        do
        {
            if (Stopwatch.GetElapsedTime(deadline) > TimeSpan.FromMinutes(2))
                throw new TimeoutException($"Not all of {runs} runs wait for approval and sleep after 2 minutes.");
            await Task.Delay(200, cancellation);
            waiting = (await catalog.CountAsync(BenchSilo.Tenant, cancellation)).GetValueOrDefault(RunStatus.WaitingForApproval);
            activated = await ActivatedAsync(silo);
        }
        while (waiting < runs || activated > 0);

        var resident = ResidentBytes();
        return new IdleFigures(waiting, activated, Math.Round((resident - before) / (double)runs, 1), resident / (1024 * 1024));
    }

    private static async Task<int> ActivatedAsync(BenchSilo silo)
    {
        var statistics = await silo.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return statistics.Where(each => each.GrainType.Contains("AgentRunGrain", StringComparison.Ordinal)).Sum(each => each.ActivationCount);
    }

    private static long ResidentBytes()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}

internal sealed record IdleFigures(long WaitingRuns, int Activated, double BytesPerRun, long RssMb);
