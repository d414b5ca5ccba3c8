using System.CommandLine;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Benchmarks.FrontDoor;

/// <summary>
/// A silo under five times the callers that it serves best: what it still gets done, for whom, and how soon it is as before. Each caller makes one
/// start after the other without a pause; who is refused waits as RetryInfo asks, or not at all with <c>--impatient</c>.
/// </summary>
internal static class LoadVerb
{
    private const int Overload = 5;
    private const int Neighbours = 8;
    private const int NeighbourPauseMs = 20;
    private const int MaxRecoverySeconds = 30;
    private static readonly int[] NormalCallers = [32, 64, 128, 256];

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "Seconds of overload.", DefaultValueFactory = _ => 60 };
        var impatient = new Option<bool>("--impatient") { Description = "Callers that are refused come back at once." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("load", "What a silo does under five times its load.") { seconds, impatient, json };
        command.SetAction(async (parsed, _) =>
        {
            var payloads = new BenchPayloads(1);
            await using var silo = await BenchSilo.StartAsync(new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow());
            await silo.AddTenantAsync(BenchSilo.Neighbour);
            using var callers = new Callers(silo.Endpoint);
            var figures = await MeasureAsync(silo, callers, parsed.GetValue(seconds), !parsed.GetValue(impatient));
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, FigureJson.Options) : figures.ToString());
            return 0;
        });
        return command;
    }

    private static async Task<LoadFigures> MeasureAsync(BenchSilo silo, Callers callers, double seconds, bool isPatient)
    {
        var noisy = new DriveGroup("noisy", BenchSilo.Tenant.Value, silo.Token(BenchSilo.Tenant), NormalCallers[0], IsPatient: isPatient);
        var neighbour = new DriveGroup("neighbour", BenchSilo.Neighbour.Value, silo.Token(BenchSilo.Neighbour), Neighbours, PauseMs: NeighbourPauseMs);
        await callers.DriveAsync(10, noisy, neighbour);
        var before = await callers.DriveAsync(15, noisy, neighbour);
        foreach (var count in NormalCallers.Skip(1))
        {
            var more = await callers.DriveAsync(15, noisy with { Callers = count }, neighbour);
            if (more[0].PerS <= before[0].PerS) break;
            (noisy, before) = (noisy with { Callers = count }, more);
        }

        var during = await callers.DriveAsync(seconds, noisy with { Callers = Overload * noisy.Callers }, neighbour);
        var after = await callers.DriveAsync(MaxRecoverySeconds, noisy, neighbour);

        var peak = before[0].PerS + before[1].PerS;
        return new LoadFigures(
            noisy.Callers,
            Math.Round(peak, 1),
            Math.Round((during[0].PerS + during[1].PerS) / peak, 3),
            Math.Round(during[0].P99Ms / before[0].P99Ms, 2),
            RecoveredAfter(before[0], after[0]),
            Math.Round(during[1].P99Ms / before[1].P99Ms, 2),
            before[0].P99Ms,
            during[0].P99Ms,
            before[1].P99Ms,
            during[1].P99Ms,
            Math.Round(during[1].PerS / before[1].PerS, 3),
            during[0].RefusedPerS,
            during[1].RefusedPerS,
            Machine.Load());
    }

    /// <summary>Seconds until it is as it was: nine tenths of the rate, and half again the p99 at most. Null when it never was.</summary>
    private static int? RecoveredAfter(DriveFigures before, DriveFigures after)
    {
        for (var second = 0; second < after.Seconds.Count; second++)
        {
            var now = after.Seconds[second];
            if (now.Calls >= before.PerS * 0.9 && now.P99Ms <= before.P99Ms * 1.5) return second + 1;
        }

        return null;
    }
}

internal sealed record LoadFigures(
    int PeakCallers,
    double PeakPerS,
    double GoodputShare,
    double AcceptedP99Ratio,
    int? RecoveredS,
    double NeighbourP99Ratio,
    double PeakP99Ms,
    double AcceptedP99Ms,
    double NeighbourBeforeP99Ms,
    double NeighbourP99Ms,
    double NeighbourGoodputShare,
    double RefusedPerS,
    double NeighbourRefusedPerS,
    double? LoadAverage);
