using System.Reflection;
using AgentRuntime.Events;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Grains.Tests.Runs.Publishing;

/// <summary>A journal in which every run has the same number of records.</summary>
public class FakeJournal : DispatchProxy
{
    /// <summary>How many.</summary>
    public int Records { get; set; } = 3;

    /// <summary>A run that cannot be read.</summary>
    internal RunKey? Broken { get; set; }

    internal IRunJournal Port => (IRunJournal)(object)this;

    internal static FakeJournal Create() => (FakeJournal)(object)Create<IRunJournal, FakeJournal>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IRunJournal.FindAsync) => Task.FromResult<RunRow?>(new RunRow((RunKey)args![0]!, 1, "agent", RunStatus.Running, OpenState.Waiting, null, null, DateTimeOffset.UnixEpoch, null)),
        nameof(IRunJournal.ReadAsync) => Task.FromResult(Read((RunKey)args![0]!, (long)args[1]!, (int)args[2]!)),
        _ => throw new NotSupportedException(targetMethod.Name),
    };

    private IReadOnlyList<JournalEntry> Read(RunKey run, long from, int most) => run == Broken
        ? throw new InvalidDataException("Damaged.")
        : [.. Enumerable.Range((int)from, Math.Clamp(Records - (int)from, 0, most)).Select(seq => new JournalEntry(seq, Header(run, seq), null))];

    private static byte[] Header(RunKey run, long seq) => HeaderCodec.Encode(
        new HeaderFields(run, seq, EventTypes.RunStarted, 1, 1, DateTimeOffset.UnixEpoch, "somebody", default, 0), new byte[32], new byte[32]);
}
