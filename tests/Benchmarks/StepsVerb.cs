using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Benchmarks;

/// <summary>What a step costs in runs of different lengths: it must not grow with the run.</summary>
internal static class StepsVerb
{
    public static Command Create()
    {
        var lengths = new Option<string>("--lengths") { Description = "Steps of a run.", DefaultValueFactory = _ => "10,100,1000,10000" };
        var steps = new Option<int>("--steps") { Description = "Steps measured for each length, over several runs.", DefaultValueFactory = _ => 40_000 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("steps", "CPU and bytes of a step by the length of the run.") { lengths, steps, json };
        command.SetAction(async (parsed, _) =>
        {
            var payloads = new BenchPayloads(1);
            var limits = new RunLimits { MaxSteps = 100_000, MaxToolCalls = 100_000 };
            await using var silo = await BenchSilo.StartAsync(
                new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), limits, new ContextWindow { LastTurns = 5 });
            await DriveAsync(silo, length: 100, parsed.GetValue(steps));
            foreach (var length in parsed.GetValue(lengths)!.Split(',').Select(int.Parse))
            {
                var figures = await MeasureAsync(silo, length, parsed.GetValue(steps));
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, FigureJson.Options) : figures.ToString());
            }

            return 0;
        });
        return command;
    }

    private static async Task<StepsFigures> MeasureAsync(BenchSilo silo, int length, int steps)
    {
        using var process = Process.GetCurrentProcess();
        var disk = JournalBytes(silo);
        var cpu = process.TotalProcessorTime;
        var done = await DriveAsync(silo, length, steps);
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        return new StepsFigures(length, Math.Round(cpu.TotalMicroseconds / done, 2), Math.Round((JournalBytes(silo) - disk) / (double)done, 1));
    }

    /// <summary>Runs of one length, four at a time whatever the length, so that only the length differs.</summary>
    private static async Task<long> DriveAsync(BenchSilo silo, int length, int steps)
    {
        var runs = Math.Max(4, steps / length);
        var input = length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, runs), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) => await silo.CompleteRunAsync(input));
        return (long)runs * length;
    }

    private static long JournalBytes(BenchSilo silo) => new FileInfo(Path.Combine(silo.Folder, "journal.db")).Length;
}

internal sealed record StepsFigures(int Length, double CpuUsPerStep, double BytesPerStep);
