using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>Widens the moments before and after an append by a few milliseconds, marks them, and writes down what was acknowledged.</summary>
internal sealed class ObservedJournal(IRunJournal inner, PhaseFile phases, AckFile acks, int seed) : JournalDecorator(inner)
{
    private const int MaxPauseMs = 4;

    public override async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        await StayAsync(Phase.BeforeAppend, append);
        var result = await Inner.AppendAsync(append);
        if (result is not AppendResult.Appended) return result;
        await StayAsync(Phase.AfterAppend, append);
        acks.Add(append);
        return result;
    }

    private async Task StayAsync(Phase phase, JournalAppend append)
    {
        phases.Enter(phase);
        try
        {
            await Task.Delay(Dice.Roll(MaxPauseMs, seed, append.Run.Run.Value[0], append.Run.Run.Value[1], append.ExpectedSeq, (long)phase));
        }
        finally
        {
            phases.Leave(phase);
        }
    }
}
