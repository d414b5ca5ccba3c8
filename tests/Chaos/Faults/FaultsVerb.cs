using System.CommandLine;
using AgentRuntime.Chaos.Faults.Plants;

namespace AgentRuntime.Chaos.Faults;

/// <summary>Puts faults of AWS between the providers and the stand-ins. Exit 0: all held, 3: an invariant broke, 1: the harness failed.</summary>
internal static class FaultsVerb
{
    private const int Held = 0;
    private const int HarnessFailed = 1;
    private const int InvariantBroke = 3;

    public static Command Create()
    {
        var faults = new Option<int>("--faults") { Description = "Faults to be met.", DefaultValueFactory = _ => 20_000 };
        var seed = new Option<int>("--seed") { Description = "Seed of everything that is chosen.", DefaultValueFactory = _ => 1 };
        var plant = new Option<string?>("--plant") { Description = "A part to break: the harness must notice." };
        plant.AcceptOnlyFromAmong([.. FaultsPlant.All]);
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("faults", "Uses the providers of AWS through a faulty line, on stand-ins. Exit 0: all held; 3: an invariant broke; 1: the harness failed.")
        {
            faults, seed, plant, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var report = await FaultsCampaign.RunAsync(new FaultsOptions(parsed.GetValue(faults), parsed.GetValue(seed), parsed.GetValue(plant)), cancellation);
                Console.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToString());
                if (report.Broken.Count > 0) return InvariantBroke;
                return report.ByKind.Values.Contains(0) ? HarnessFailed : Held;
            }
            catch (Exception failure)
            {
                await Console.Error.WriteLineAsync($"error: the harness failed: {failure}");
                return HarnessFailed;
            }
        });
        return command;
    }
}
