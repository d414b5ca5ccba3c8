using System.CommandLine;
using System.Text.Json;

namespace AgentRuntime.Chaos.Fork;

/// <summary>Forks a run with an approved refund at every record. Exit 0: all held, 3: an invariant broke, 1: the harness failed.</summary>
internal static class ForkVerb
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var plant = new Option<string?>("--plant") { Description = "A fault that must be noticed." };
        plant.AcceptOnlyFromAmong(InheritingJournal.Plant);
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("fork", "Forks a run with an approved refund at every record and counts refunds that nobody approved.") { plant, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var report = await ForkCampaign.RunAsync(parsed.GetValue(plant), cancellation);
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(report, Json) : report.ToString());
                return report.Broken.Count > 0 ? 3 : 0;
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
