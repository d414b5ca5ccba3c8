using AgentRuntime.FrontDoor.Admission;
using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Watches of health, for which nobody needs a token. The twin is as many as a connection may have.</summary>
internal static class HealthWatchAttacks
{
    private const string Watch = "/grpc.health.v1.Health/Watch";

    public static IEnumerable<Attack> Against(Target target)
    {
        yield return new Attack("stream/health-watches-of-a-connection", "are open on this connection",
            () => OpenAsync(target, HealthWatches.MaxOfOneConnection, 1), () => OpenAsync(target, HealthWatches.MaxOfOneConnection + 1, 1));
        yield return new Attack("stream/health-watches", "are open on this silo",
            () => OpenAsync(target, HealthWatches.MaxOfOneConnection, 2), () => OpenAsync(target, HealthWatches.MaxOfOneConnection, (Target.MaxHealthWatches / HealthWatches.MaxOfOneConnection) + 1));
    }

    /// <summary>Opens watches on each of some connections, and tells what the first that did not come in was told.</summary>
    private static async Task<Answer> OpenAsync(Target target, int each, int connections)
    {
        var shot = new Shot(target.Grpc, Watch, Array.Empty<byte>());
        var wires = Enumerable.Range(0, connections).Select(_ => new Wire()).ToList();
        try
        {
            var refused = Answer.Ok([]);
            foreach (var wire in wires)
            {
                for (var i = 0; i < each; i++)
                {
                    var (_, answer) = await wire.OpenAsync(shot, CancellationToken.None);
                    if (refused.Reason.Length == 0) refused = answer;
                }
            }

            return refused;
        }
        finally
        {
            wires.ForEach(wire => wire.Dispose());
        }
    }
}
