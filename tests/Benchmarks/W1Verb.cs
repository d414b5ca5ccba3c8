using System.CommandLine;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Benchmarks;

/// <summary>
/// Workload W1: a run of 10 steps, each a model call and a tool call that answer at once with 1 KB of random base64, every result durable
/// before the next; 23 records with start and end. Through the run grain, on one silo in this process.
/// </summary>
internal static class W1Verb
{
    public const string Steps = "10";

    public static Command Create()
    {
        var concurrency = new Option<string>("--concurrency") { Description = "Runs at a time.", DefaultValueFactory = _ => "1,32,256" };
        var seconds = new Option<int>("--seconds") { Description = "Seconds per figure, after a warm-up.", DefaultValueFactory = _ => 5 };
        var seed = new Option<int>("--seed") { Description = "Seed of the payloads.", DefaultValueFactory = _ => 1 };
        var warmUpSeconds = new Option<int>("--warm-up")
        {
            Description = "Seconds before each figure in which the runtime compiles its hot paths.", DefaultValueFactory = _ => 6,
        };
        var store = new Option<string>("--store") { Description = "embedded, or aws with the settings of the environment, whose tables must exist.", DefaultValueFactory = _ => SiloHostOptions.EmbeddedStore };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("w1", "Durable runs of ten steps per second.") { concurrency, seconds, seed, warmUpSeconds, store, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var payloads = new BenchPayloads(parsed.GetValue(seed));
            var warmUp = parsed.GetValue(warmUpSeconds);
            foreach (var level in parsed.GetValue(concurrency)!.Split(',').Select(int.Parse))
            {
                var state = new StateCost();
                await using var silo = await BenchSilo.StartAsync(
                    new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow(), Settings(parsed.GetValue(store)!), state.AddTo);
                await DriveAsync(silo, 64, TimeSpan.FromSeconds(warmUp), cancellation);
                await DriveAsync(silo, level, TimeSpan.FromSeconds(1), cancellation);
                var figures = await MeasureAsync(silo, state, level, TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation);
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, FigureJson.Options) : figures.ToString());
            }

            return 0;
        });
        return command;
    }

    private static async Task<W1Figures> MeasureAsync(BenchSilo silo, StateCost state, int concurrency, TimeSpan time, CancellationToken cancellation)
    {
        using var process = Process.GetCurrentProcess();
        var disk = SizeOf(silo.Folder);
        var allocated = GC.GetTotalAllocatedBytes();
        var cpu = process.TotalProcessorTime;
        var since = Stopwatch.GetTimestamp();
        state.Reset();
        using var cost = new StoreCost(silo.Services.GetRequiredService<IMeterFactory>());
        var latencies = await DriveAsync(silo, concurrency, time, cancellation);
        var elapsed = Stopwatch.GetElapsedTime(since);
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        latencies.Sort();
        return new W1Figures(
            concurrency,
            Math.Round(latencies.Count / elapsed.TotalSeconds, 1),
            Math.Round(latencies[latencies.Count / 2], 2),
            Math.Round(latencies[latencies.Count * 99 / 100], 2),
            Math.Round(cpu.TotalMilliseconds / latencies.Count, 3),
            process.WorkingSet64 / (1024 * 1024),
            Math.Round((SizeOf(silo.Folder) - disk) / 1024.0 / latencies.Count, 2),
            Math.Round((GC.GetTotalAllocatedBytes() - allocated) / 1024.0 / latencies.Count, 1),
            Math.Round((cost.Requests + state.Requests) / latencies.Count, 2),
            Math.Round((cost.ReadUnits + state.ReadUnits) / latencies.Count, 2),
            Math.Round((cost.WriteUnits + state.WriteUnits) / latencies.Count, 1),
            Math.Round((double)state.Requests / latencies.Count, 2),
            Math.Round(cost.QueueRequests / latencies.Count, 2));
    }

    private static async Task<List<double>> DriveAsync(BenchSilo silo, int concurrency, TimeSpan time, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        var lanes = Enumerable.Range(0, concurrency).Select(async _ =>
        {
            var latencies = new List<double>();
            while (Stopwatch.GetElapsedTime(since) < time && !cancellation.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                await silo.CompleteRunAsync(Steps);
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return latencies;
        });
        return [.. (await Task.WhenAll(lanes)).SelectMany(lane => lane)];
    }

    /// <summary>The settings of a silo with that store; null for none.</summary>
    public static IConfiguration? Settings(string store) => store == SiloHostOptions.EmbeddedStore ? null : new ConfigurationBuilder()
        .AddInMemoryCollection([new($"{SiloHostOptions.SectionName}:{nameof(SiloHostOptions.Store)}", store)])
        .AddEnvironmentVariables(AgentRuntimeHost.SettingPrefix)
        .Build();

    private static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}

internal sealed record W1Figures(
    int Concurrency, double RunsPerS, double P50Ms, double P99Ms, double CpuMsPerRun, long RssMb, double DiskKbPerRun, double AllocatedKbPerRun,
    double RequestsPerRun, double ReadUnitsPerRun, double WriteUnitsPerRun, double StateRequestsPerRun, double SqsRequestsPerRun);
