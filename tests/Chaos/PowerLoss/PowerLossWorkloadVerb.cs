using System.CommandLine;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>The recorded process; started by the harness only.</summary>
internal static class PowerLossWorkloadVerb
{
    public const string Name = "powerloss-workload";

    public static Command Create()
    {
        var data = new Argument<string>("data");
        var acknowledged = new Argument<string>("acknowledged");
        var appends = new Argument<int>("appends");
        var seed = new Argument<int>("seed");
        var late = new Argument<bool>("late-artifacts");
        var command = new Command(Name, "The recorded process of powerloss.") { data, acknowledged, appends, seed, late };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            using var workload = new Workload(
                parsed.GetValue(data)!, parsed.GetValue(acknowledged)!, parsed.GetValue(appends), parsed.GetValue(seed), parsed.GetValue(late));
            await workload.RunAsync();
            return 0;
        });
        return command;
    }
}
