using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;

namespace AgentRuntime.Benchmarks.FrontDoor;

/// <summary>The callers of the front door, in a process of their own: takes a plan a line, answers with its figures.</summary>
internal static class DriveVerb
{
    public const string Name = "drive";

    private const int MaxRememberedRuns = 10_000;
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Started = new();
    private static readonly string Session = Guid.NewGuid().ToString("N");
    private static readonly ConcurrentDictionary<(string Token, int Caller), DoorCalls> Connections = new();
    private static long _requests;

    public static Command Create()
    {
        var command = new Command(Name, "The callers of frontdoor and load. These start it themselves.") { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            while (await Console.In.ReadLineAsync(cancellation) is { } line)
            {
                var figures = await DriveAsync(JsonSerializer.Deserialize<DrivePlan>(line)!);
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(figures));
                await Console.Out.FlushAsync(cancellation);
            }
        });
        return command;
    }

    private static Task<DriveFigures[]> DriveAsync(DrivePlan plan)
    {
        var time = TimeSpan.FromSeconds(plan.Seconds);
        return Task.WhenAll(plan.Groups.Select(async group =>
        {
            var lanes = await Task.WhenAll(Enumerable.Range(0, group.Callers).Select(caller => Task.Run(() => CallAsync(plan.Endpoint, group, caller, time))));
            return Sum(group.Name, lanes, time);
        }));
    }

    private static async Task<Lane> CallAsync(string endpoint, DriveGroup group, int caller, TimeSpan time)
    {
        var calls = Connections.GetOrAdd((group.Token, caller), _ => new DoorCalls(endpoint, group.Token));
        var lane = new Lane();
        var since = Stopwatch.GetTimestamp();
        if (group.PauseMs > 0) await Task.Delay(Pace.BeginMs(caller, group.Callers, group.PauseMs));
        while (Stopwatch.GetElapsedTime(since) < time)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                if (group.Gets) await calls.GetAsync(SomeRun(group.Tenant));
                else Remember(group.Tenant, (await calls.StartAsync(group.Tenant, $"{Session}-{Interlocked.Increment(ref _requests)}")).Name);
                lane.Done.Add((Stopwatch.GetElapsedTime(since).TotalSeconds, Stopwatch.GetElapsedTime(began).TotalMilliseconds));
            }
            catch (RpcException refusal) when (refusal.StatusCode == StatusCode.ResourceExhausted)
            {
                lane.Refused++;
                if (group.IsPatient) await Task.Delay(DoorCalls.PauseOf(refusal));
            }
            catch (RpcException failure)
            {
                lane.Errors++;
                lane.FirstError ??= failure.Status.ToString();
            }

            if (group.PauseMs > 0) await Task.Delay(group.PauseMs);
        }

        return lane;
    }

    private static void Remember(string tenant, string run)
    {
        var runs = Started.GetOrAdd(tenant, _ => new ConcurrentQueue<string>());
        runs.Enqueue(run);
        if (runs.Count > MaxRememberedRuns) runs.TryDequeue(out _);
    }

    private static string SomeRun(string tenant)
    {
        var runs = Started[tenant];
        runs.TryDequeue(out var run);
        runs.Enqueue(run!);
        return run!;
    }

    private static DriveFigures Sum(string name, Lane[] lanes, TimeSpan time)
    {
        var done = lanes.SelectMany(lane => lane.Done).ToList();
        var seconds = Enumerable.Range(0, (int)time.TotalSeconds)
            .Select(second => done.Where(call => (int)call.At == second).Select(call => call.Ms).Order().ToList())
            .Select(second => new DriveSecond(second.Count, Percentile(second, 99)))
            .ToList();
        var all = done.Select(call => call.Ms).Order().ToList();
        return new DriveFigures(
            name,
            Math.Round(all.Count / time.TotalSeconds, 1),
            Percentile(all, 50),
            Percentile(all, 99),
            Math.Round(lanes.Sum(lane => lane.Refused) / time.TotalSeconds, 1),
            lanes.Sum(lane => lane.Errors),
            lanes.Select(lane => lane.FirstError).FirstOrDefault(error => error is not null),
            seconds);
    }

    private static double Percentile(List<double> ordered, int percent) =>
        ordered.Count == 0 ? 0 : Math.Round(ordered[Math.Min(ordered.Count - 1, ordered.Count * percent / 100)], 3);

    private sealed class Lane
    {
        public List<(double At, double Ms)> Done { get; } = [];

        public long Refused { get; set; }

        public long Errors { get; set; }

        public string? FirstError { get; set; }
    }
}
