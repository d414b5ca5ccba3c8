using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentRuntime.RedTeam.Attacks;
using AgentRuntime.RedTeam.Plants;
using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam;

/// <summary>Attacks the front door, one attack after the other, while a neighbour works.</summary>
internal static class FrontDoorVerb
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var plant = new Option<string?>("--plant") { Description = "A hole to make in the test's own host: the campaign must notice." };
        plant.AcceptOnlyFromAmong([.. Plant.All]);
        var only = new Option<string?>("--only") { Description = "Try only attacks whose id begins so. The list is not compared then." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object for each attack, and one for all." };
        var list = new Option<bool>("--list") { Description = "Print the ids as attacks.txt has them." };
        var command = new Command("frontdoor", "Attacks the front door. Exit 0: all was refused; 3: something was accepted; 1: the harness failed.") { plant, only, json, list };
        command.SetAction(async (parsed, _) =>
        {
            try
            {
                return await RunAsync(parsed.GetValue(plant), parsed.GetValue(only), parsed.GetValue(json), parsed.GetValue(list));
            }
            catch (Exception failure)
            {
                await Console.Error.WriteLineAsync($"error: the harness failed: {failure}");
                return 1;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(string? plant, string? only, bool json, bool list)
    {
        await using var target = await Target.StartAsync(plant);
        var attacks = AllAttacks.Against(target).ToList();
        if (list)
        {
            foreach (var id in attacks.Select(attack => attack.Id).Order(StringComparer.Ordinal)) Console.WriteLine(id);
            return 0;
        }

        var listed = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "attacks.txt"));
        var tried = attacks.Select(attack => attack.Id).ToHashSet(StringComparer.Ordinal);
        if (only is not null) attacks.RemoveAll(attack => !attack.Id.StartsWith(only, StringComparison.Ordinal));
        await using var neighbour = Neighbour.Begin(target);
        await neighbour.WarmUpAsync();
        var (before, peak) = (Memory.HeldMegabytes(), Memory.PeakMegabytes());
        var rows = new List<AttackRow>();
        foreach (var attack in attacks)
        {
            var row = await attack.RunAsync();
            rows.Add(row);
            if (json) Console.WriteLine(JsonSerializer.Serialize(row, Format));
            else if (!row.IsRefused) Console.WriteLine($"ACCEPTED {row.Id}: control {row.Control}; '{row.Reason}' instead of '{row.ExpectedReason}'");
        }

        await neighbour.EndAsync();
        var report = new FrontDoorReport
        {
            Attacks = rows.Count,
            Refused = rows.Count(row => row.IsRefused),
            Accepted = rows.Count(row => !row.IsRefused),
            Plant = plant,
            MemoryBeforeMb = before,
            MemoryAfterMb = await Memory.SettledMegabytesAsync(before + FrontDoorReport.MaxGrowthMegabytes / 2),
            PeakBeforeMb = peak,
            PeakAfterMb = Memory.PeakMegabytes(),
            NeighbourCalls = neighbour.Calls,
            NeighbourFailures = neighbour.Failures,
            NeighbourP99Ms = neighbour.P99Milliseconds(),
            Unlisted = [.. tried.Except(listed, StringComparer.Ordinal)],
            Missing = [.. listed.Except(tried, StringComparer.Ordinal)],
        };
        Console.WriteLine(JsonSerializer.Serialize(report, Format));
        return report.ExitCode();
    }
}
