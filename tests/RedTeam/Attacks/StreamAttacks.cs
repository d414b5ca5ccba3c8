using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Streams that are opened and left. The twin is one stream that is opened and read.</summary>
internal static class StreamAttacks
{
    private const int Resets = 10_000;
    private const int AtOnce = 100;
    private const string Watch = "/agentruntime.v1.Approvals/WatchApprovals";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IEnumerable<Attack> Against(Target target)
    {
        yield return new Attack("stream/10000-opened-and-reset", "all places were free again", () => OpenOneAsync(target), () => ResetAsync(target));
        yield return new Attack("stream/slow-readers", "LIMIT_EXCEEDED", () => OpenOneAsync(target), () => FillAsync(target));
    }

    private static Shot Shot(Target target) =>
        Target.Authorised(new Shot(target.Grpc, Watch, new V1.WatchApprovalsRequest { Parent = "tenants/acme" }), target.Token("acme", "developer"));

    private static async Task<Answer> OpenOneAsync(Target target)
    {
        var (open, answer) = await target.Wire.OpenAsync(Shot(target), CancellationToken.None);
        open?.Dispose();
        return answer;
    }

    private static async Task<Answer> ResetAsync(Target target)
    {
        var shot = Shot(target);
        for (var sent = 0; sent < Resets; sent += AtOnce)
        {
            using var reset = new CancellationTokenSource();
            var opening = Enumerable.Range(0, AtOnce).Select(_ => OpenAsync(target, shot, reset.Token)).ToArray();
            reset.CancelAfter(sent % 3);
            await Task.WhenAll(opening);
        }

        // Places are given back when the server has seen the reset.
        var deadline = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(deadline) < Patience)
        {
            var (opened, _) = await CountAsync(target);
            if (opened == Target.MaxWatches) return Answer.Refused("all places were free again");
            await Task.Delay(100);
        }

        return Answer.Refused("places were not given back");
    }

    private static async Task OpenAsync(Target target, Shot shot, CancellationToken cancellation)
    {
        try
        {
            var (open, _) = await target.Wire.OpenAsync(shot, cancellation);
            open?.Dispose();
        }
        catch (Exception over) when (over is OperationCanceledException or HttpRequestException)
        {
            // It was reset, by this side or by the other.
        }
    }

    private static async Task<Answer> FillAsync(Target target) => (await CountAsync(target)).Refused ?? Answer.Ok([]);

    /// <summary>Opens one more stream than a tenant may have, reads none, and tells how many came in and what another was told.</summary>
    private static async Task<(int Opened, Answer? Refused)> CountAsync(Target target)
    {
        var shot = Shot(target);
        var streams = await Task.WhenAll(Enumerable.Range(0, Target.MaxWatches + 1).Select(_ => target.Wire.OpenAsync(shot, CancellationToken.None)));
        foreach (var (open, _) in streams) open?.Dispose();
        return (streams.Count(stream => stream.Open is not null), streams.FirstOrDefault(stream => stream.Open is null).Answer);
    }
}
