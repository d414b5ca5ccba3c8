using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Benchmarks;

/// <summary>Appends to the embedded journal without grains: the ceiling of every run.</summary>
internal static class StoreVerb
{
    public static Command Create()
    {
        var concurrency = new Option<string>("--concurrency")
        {
            Description = "Appenders at a time, each with a run of its own.",
            DefaultValueFactory = _ => "1,32,256",
        };
        var seconds = new Option<int>("--seconds") { Description = "Seconds per figure.", DefaultValueFactory = _ => 5 };
        var rows = new Option<int>("--run-length") { Description = "Records in each run.", DefaultValueFactory = _ => 22 };
        var bytes = new Option<int>("--row-bytes") { Description = "Bytes of each record.", DefaultValueFactory = _ => 1300 };
        var folder = new Option<string?>("--folder")
        {
            Description = "A folder that several benchmark processes share; it stays. Without it, one that is deleted afterwards.",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("store", "Appends per second of the embedded journal alone.") { concurrency, seconds, rows, bytes, folder, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            foreach (var appenders in parsed.GetValue(concurrency)!.Split(',').Select(int.Parse))
            {
                var workload = new StoreWorkload(parsed.GetValue(rows), parsed.GetValue(bytes));
                var time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
                var figures = parsed.GetValue(folder) is { } shared
                    ? await MeasureAsync(workload, appenders, time, shared, cancellation)
                    : await MeasureAloneAsync(workload, appenders, time, cancellation);
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, FigureJson.Options) : figures.ToString());
            }

            return 0;
        });
        return command;
    }

    private static async Task<StoreFigures> MeasureAloneAsync(
        StoreWorkload workload, int appenders, TimeSpan time, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("agent-runtime-bench-").FullName;
        try
        {
            return await MeasureAsync(workload, appenders, time, folder, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<StoreFigures> MeasureAsync(
        StoreWorkload workload, int appenders, TimeSpan time, string folder, CancellationToken cancellation)
    {
        await using var database = JournalDatabase.Open(folder);
        var journal = new SqliteRunJournal(database);
        await workload.RunAsync(journal, appenders, TimeSpan.FromSeconds(1), cancellation);

        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var written = SizeOf(folder);
        var since = Stopwatch.GetTimestamp();
        var latencies = await workload.RunAsync(journal, appenders, time, cancellation);
        var elapsed = Stopwatch.GetElapsedTime(since);
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;

        latencies.Sort();
        return new StoreFigures(
            appenders,
            Math.Round(latencies.Count / elapsed.TotalSeconds),
            Math.Round(latencies[latencies.Count / 2]),
            Math.Round(latencies[latencies.Count * 99 / 100]),
            Math.Round(latencies[^1]),
            Math.Round(cpu.TotalMicroseconds / latencies.Count, 2),
            (SizeOf(folder) - written) / latencies.Count);
    }

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
}

internal sealed record StoreFigures(
    int Concurrency, double AppendsPerS, double P50Us, double P99Us, double MaxUs, double CpuUsPerAppend, long DiskBytesPerAppend);
