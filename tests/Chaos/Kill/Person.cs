using System.Text.Json;
using AgentRuntime.Approvals;
using AgentRuntime.Chaos.Kill.Effects;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Chaos.Kill.Script;

namespace AgentRuntime.Chaos.Kill;

/// <summary>
/// The human: permits what asks for permission, and says of a call with an unknown outcome what the recorder's file says. Decides only when
/// a while has passed and no process is frozen, because what a frozen process sends on waking cannot be foreseen by anyone.
/// </summary>
internal sealed class Person(World world, int seed)
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Caution = TimeSpan.FromMilliseconds(400);

    private readonly Dictionary<string, long> _firstSeen = new(StringComparer.Ordinal);
    private int _rounds;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!world.Seats.Any(seat => seat.IsFrozen) && world.Any(_rounds++) is { } seat) await DecideAsync(seat);
                await Task.Delay(Round, stop);
            }
            catch (Exception failure) when (failure is HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException or IOException or JsonException)
            {
            }
        }
    }

    private async Task DecideAsync(Seat seat)
    {
        var pending = await seat.GetAsync<List<PendingApproval>>("/chaos/approvals") ?? [];
        if (pending.Count == 0) return;
        var now = Environment.TickCount64;
        foreach (var approval in pending) _firstSeen.TryAdd(approval.Approval, now);
        var ripe = pending.Where(approval => now - _firstSeen[approval.Approval] >= Caution.TotalMilliseconds).ToList();
        if (ripe.Count == 0) return;
        var happened = EffectFile.Read(world.EffectsPath).Where(line => line.IsEffect).Select(line => (line.Run, line.Step, line.Call)).ToHashSet();
        await Task.WhenAll(ripe.Select(async approval =>
        {
            // A refusal means that the outcome became known, or that this was decided when the answer was lost.
            using var response = await seat.PostAsync("/chaos/decide", Decide(approval, happened));
        }));
    }

    private DecideCall Decide(PendingApproval approval, HashSet<(int Run, int Step, int Call)> happened)
    {
        if (approval.Kind == ApprovalKind.Call) return new DecideCall(approval.Run, approval.Approval, ApprovalVerdict.Approve, null);
        var call = ScriptCall.Parse(JsonDocument.Parse(approval.Arguments).RootElement);
        if (happened.Contains((call.Run, call.Step, call.Call)))
            return new DecideCall(approval.Run, approval.Approval, ApprovalVerdict.Happened, call.Answer);
        var verdict = Dice.Roll(2, seed, call.Run, call.Step, call.Call, 9) == 0 ? ApprovalVerdict.DidNotHappen : ApprovalVerdict.Retry;
        return new DecideCall(approval.Run, approval.Approval, verdict, null);
    }
}
