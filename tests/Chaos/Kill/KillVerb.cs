using System.CommandLine;
using AgentRuntime.Chaos.Kill.Plants;

namespace AgentRuntime.Chaos.Kill;

/// <summary>Kills silos at seeded moments while runs are under way, and checks that nothing was lost and nothing happened twice.</summary>
internal static class KillVerb
{
    private const int RunsPerKill = 10;

    public static Command Create()
    {
        var silos = new Option<int>("--silos") { Description = "Silo processes: 1 or 3.", DefaultValueFactory = _ => 3 };
        silos.AcceptOnlyFromAmong("1", "3");
        var kills = new Option<int>("--kills") { Description = "Kills.", DefaultValueFactory = _ => 30 };
        var runs = new Option<int?>("--runs") { Description = "Runs to start over the time of the kills. Default: ten for each kill." };
        var seed = new Option<int>("--seed") { Description = "Seed of everything that is chosen.", DefaultValueFactory = _ => 1 };
        var minHits = new Option<int>("--min-hits") { Description = "Hits of each phase without which the harness fails.", DefaultValueFactory = _ => 5 };
        var plant = new Option<string?>("--plant") { Description = "A part to break: the harness must notice." };
        plant.AcceptOnlyFromAmong([.. Plant.All]);
        var store = new Option<string>("--store") { Description = "Where the silos keep their state: embedded, or aws, on stand-ins.", DefaultValueFactory = _ => KillOptions.EmbeddedStore };
        store.AcceptOnlyFromAmong(KillOptions.EmbeddedStore, KillOptions.AwsStore);
        var old = new Option<string?>("--old") { Description = "A folder with this program as older sources made it: every other start of a silo runs that." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("kill", "Kills silos with work under way. Exit 0: all held; 3: an invariant broke; 1: the harness failed.")
        {
            silos, store, kills, runs, seed, minHits, plant, old, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var count = parsed.GetValue(kills);
            var options = new KillOptions(
                parsed.GetValue(silos), count, parsed.GetValue(runs) ?? (count * RunsPerKill), parsed.GetValue(seed), parsed.GetValue(minHits))
            {
                Store = parsed.GetValue(store)!,
                Plant = parsed.GetValue(plant),
                Old = parsed.GetValue(old),
            };
            try
            {
                var report = await Campaign.RunAsync(options, cancellation);
                Console.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToString());
                return report.ExitCode(options);
            }
            catch (Exception failure)
            {
                await Console.Error.WriteLineAsync($"error: the harness failed: {failure}");
                return 1;
            }
        });
        return command;
    }
}
