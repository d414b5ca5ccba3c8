using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Plants;

/// <summary>Broken: a writer whose place is taken appends at the new head instead of being told.</summary>
internal sealed class UnfencedJournal(IRunJournal inner) : JournalDecorator(inner)
{
    private const int MaxTries = 100;

    public override async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        var result = await Inner.AppendAsync(append);
        if (append.ExpectedSeq == 0) return result;
        for (var i = 0; i < MaxTries && result is AppendResult.Fenced; i++)
            result = await Inner.AppendAsync(JournalGraft.Onto(await JournalGraft.HeadAsync(Inner, append.Run), append));
        return result;
    }
}
