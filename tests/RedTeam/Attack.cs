using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam;

/// <summary>One attack and its untouched twin, which must be let in: what refuses everything refuses attacks, too.</summary>
/// <param name="Id">As in attacks.txt.</param>
/// <param name="Expected">Part of the reason for which it must be refused.</param>
/// <param name="Control">The twin.</param>
/// <param name="Strike">The attack.</param>
internal sealed record Attack(string Id, string Expected, Func<Task<Answer>> Control, Func<Task<Answer>> Strike)
{
    /// <summary>What counts as let in. By default: the call succeeded.</summary>
    public Func<Answer, bool> LetsIn { get; init; } = answer => answer.Reason.Length == 0;

    /// <summary>What attackers and silo together may allocate during the attack; what is collected afterwards was held all the same.</summary>
    public double? MaxAllocatedMegabytes { get; init; }

    public async Task<AttackRow> RunAsync()
    {
        var control = await Control();
        var before = Memory.AllocatedMegabytes();
        var strike = await Strike();
        var allocated = Math.Round(Memory.AllocatedMegabytes() - before, 1);
        var refused = LetsIn(control) && !LetsIn(strike) && strike.Reason.Contains(Expected, StringComparison.Ordinal) && !(allocated > MaxAllocatedMegabytes);
        return new AttackRow(Id, LetsIn(control) ? "accepted" : $"refused: {control.Reason}", refused ? "refused" : "ACCEPTED", strike.Reason, Expected, allocated);
    }
}
