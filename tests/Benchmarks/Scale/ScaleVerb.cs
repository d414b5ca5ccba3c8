using System.CommandLine;
using System.Text.Json;
using AgentRuntime.Hosting;

namespace AgentRuntime.Benchmarks.Scale;

/// <summary>
/// Runs of W1 on clusters of several silo processes on this machine. A constant number is under way in all; a silo starts one for each that ends on
/// it, and placement is random, so that starts and work are even over the silos.
/// </summary>
internal static class ScaleVerb
{
    public static Command Create()
    {
        var silos = new Option<string>("--silos") { Description = "Sizes of the cluster, one figure each.", DefaultValueFactory = _ => "1,2,3" };
        var store = new Option<string>("--store") { Description = "embedded, or aws with the settings of the environment, whose tables must exist.", DefaultValueFactory = _ => SiloHostOptions.EmbeddedStore };
        var concurrency = new Option<int>("--concurrency") { Description = "Runs at a time, in all.", DefaultValueFactory = _ => 60 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds per figure.", DefaultValueFactory = _ => 10 };
        var warmUp = new Option<int>("--warm-up") { Description = "Seconds before each figure in which the silos compile their hot paths.", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("scale", "Runs per second of one, two and three silos, and what of their calls goes to another silo.") { silos, store, concurrency, seconds, warmUp, json };
        command.SetAction(async (parsed, _) =>
        {
            foreach (var count in parsed.GetValue(silos)!.Split(',').Select(int.Parse))
            {
                var plan = new SiloPlan(parsed.GetValue(concurrency) / count, parsed.GetValue(warmUp), parsed.GetValue(seconds));
                var shares = await MeasureAsync(count, parsed.GetValue(store)!, plan);
                var figures = ScaleFigures.Of(parsed.GetValue(store)!, plan, shares);
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, FigureJson.Options) : figures.ToString());
            }

            return 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<SiloShare>> MeasureAsync(int count, string store, SiloPlan plan)
    {
        var folder = BenchSilo.NewFolder();
        var silos = new List<SiloChild>();
        try
        {
            // One after the other: the first makes the tenant that the others find.
            while (silos.Count < count) silos.Add(await SiloChild.StartAsync(folder, store, isFirst: silos.Count == 0));
            return await Task.WhenAll(silos.Select(silo => silo.DriveAsync(plan)));
        }
        finally
        {
            foreach (var silo in silos) await silo.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
