using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Benchmarks.FrontDoor;

/// <summary>
/// Starts and gets of runs through gRPC, from another process on the same machine, as fast as they go; and what the door adds to a call of the
/// grain, both at one pace.
/// </summary>
internal static class FrontDoorVerb
{
    public static Command Create()
    {
        var connections = new Option<string>("--connections") { Description = "Connections, each with one call at a time.", DefaultValueFactory = _ => "1,64,512" };
        var seconds = new Option<double>("--seconds") { Description = "Seconds per figure.", DefaultValueFactory = _ => 8 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds before the first figure.", DefaultValueFactory = _ => 10 };
        var pace = new Option<int>("--pace") { Description = "Starts a second at which the door is compared with a call within the silo: what a call waits for is then itself, not a queue.", DefaultValueFactory = _ => 500 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("frontdoor", "Run starts and gets a second through the front door.") { connections, seconds, warmUp, pace, json };
        command.SetAction(async (parsed, _) =>
        {
            var payloads = new BenchPayloads(1);
            await using var silo = await BenchSilo.StartAsync(new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow());
            using var callers = new Callers(silo.Endpoint);
            await callers.DriveAsync(parsed.GetValue(warmUp), Group(silo, 64));
            await callers.DriveAsync(parsed.GetValue(warmUp) / 2, Group(silo, 64) with { Gets = true });
            foreach (var count in parsed.GetValue(connections)!.Split(',').Select(int.Parse))
            {
                var figures = await MeasureAsync(silo, callers, count, parsed.GetValue(seconds), parsed.GetValue(pace));
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, FigureJson.Options) : figures.ToString());
            }

            return 0;
        });
        return command;
    }

    private static async Task<FrontDoorFigures> MeasureAsync(BenchSilo silo, Callers callers, int connections, double seconds, int startsPerS)
    {
        await callers.DriveAsync(1, Group(silo, connections));
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var starts = (await callers.DriveAsync(seconds, Group(silo, connections)))[0];
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        var gets = (await callers.DriveAsync(seconds, Group(silo, connections) with { Gets = true }))[0];
        var pauseMs = connections * 1_000 / startsPerS;
        var paced = (await callers.DriveAsync(seconds, Group(silo, connections) with { PauseMs = pauseMs }))[0];
        var within = await StartWithinAsync(silo, connections, pauseMs, TimeSpan.FromSeconds(seconds));
        return new FrontDoorFigures(
            connections,
            starts.PerS,
            gets.PerS,
            starts.P50Ms,
            starts.P99Ms,
            Math.Round(paced.P50Ms - within, 3),
            paced.P50Ms,
            Math.Round(within, 3),
            gets.P50Ms,
            gets.P99Ms,
            Math.Round(cpu.TotalMicroseconds / Math.Max(1, starts.PerS * seconds), 1),
            Math.Round(starts.RefusedPerS + gets.RefusedPerS, 1),
            Machine.Load());
    }

    /// <summary>The median of the same start as a call of the grain within the silo, with as many callers at the same pace.</summary>
    private static async Task<double> StartWithinAsync(BenchSilo silo, int callers, int pauseMs, TimeSpan time)
    {
        var since = Stopwatch.GetTimestamp();
        var lanes = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var took = new List<double>();
            if (pauseMs > 0) await Task.Delay(Pace.BeginMs(caller, callers, pauseMs));
            while (Stopwatch.GetElapsedTime(since) < time)
            {
                var began = Stopwatch.GetTimestamp();
                await silo.StartRunAsync("0");
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (pauseMs > 0) await Task.Delay(pauseMs);
            }

            return took;
        })));
        var all = lanes.SelectMany(lane => lane).Order().ToList();
        return all[all.Count / 2];
    }

    private static DriveGroup Group(BenchSilo silo, int callers) => new("callers", BenchSilo.Tenant.Value, silo.Token(BenchSilo.Tenant), callers);
}

internal sealed record FrontDoorFigures(
    int Connections,
    double StartsPerS,
    double GetsPerS,
    double P50Ms,
    double P99Ms,
    double AddedP50Ms,
    double PacedP50Ms,
    double PacedWithinP50Ms,
    double GetP50Ms,
    double GetP99Ms,
    double SiloCpuUsPerStart,
    double RefusedPerS,
    double? LoadAverage);
