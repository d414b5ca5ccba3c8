using System.CommandLine;
using System.Text.Json;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Cuts the power at every sync of journal and artifacts. Exit 0: all held, 3: an invariant broke, 1: the harness failed.</summary>
internal static class PowerLossVerb
{
    private const int Held = 0;
    private const int HarnessFailed = 1;
    private const int InvariantBroke = 3;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var appends = new Option<int>("--appends") { Description = "Records to write.", DefaultValueFactory = _ => 192 };
        var seed = new Option<int>("--seed") { Description = "Repeats a choice of torn and lost writes.", DefaultValueFactory = _ => 1 };
        var plant = new Option<string?>("--plant") { Description = "A fault that must be noticed." };
        plant.AcceptOnlyFromAmong(Plants.NoFsync, Plants.ArtifactAfterRecord);
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("powerloss", "Cuts the power at every sync and reopens what is left. Needs Linux and strace.")
        {
            appends, seed, plant, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new PowerLossOptions(parsed.GetValue(appends), parsed.GetValue(seed), parsed.GetValue(plant), parsed.GetValue(json)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(PowerLossOptions options, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("agent-runtime-powerloss-").FullName;
        try
        {
            var report = await new Campaign(options, folder, cancellation).RunAsync();
            Console.WriteLine(options.Json ? JsonSerializer.Serialize(report, Json) : report.ToString());
            return report.Broken.Count > 0 ? InvariantBroke : Held;
        }
        catch (Exception failure) when (failure is HarnessException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return HarnessFailed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
