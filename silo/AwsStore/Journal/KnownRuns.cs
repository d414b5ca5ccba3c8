using System.Collections.Concurrent;
using AgentRuntime.Runs;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// What this process has seen of runs that work. That an item ends before a seq never becomes untrue; a head may be old, which the condition on
/// its version finds out. So nothing here has to be right for the store to be right: it saves reads.
/// </summary>
internal sealed class KnownRuns
{
    private const int MaxRuns = 65_536;

    private readonly ConcurrentDictionary<RunKey, Known> _runs = new();

    public bool EndsBefore(RunKey run, long seq) => _runs.TryGetValue(run, out var known) && known.NextSeq == seq;

    /// <summary>The last record that it has seen; null when it has seen none.</summary>
    public long? FindLastSeq(RunKey run) => _runs.TryGetValue(run, out var known) ? known.NextSeq - 1 : null;

    public HeadItem? FindHead(RunKey run) => _runs.GetValueOrDefault(run)?.Head;

    public void Set(RunKey run, long nextSeq, HeadItem? head)
    {
        if (_runs.Count >= MaxRuns) _runs.Clear();
        _runs[run] = new Known(nextSeq, head);
    }

    public void Forget(RunKey run) => _runs.TryRemove(run, out _);

    private sealed record Known(long NextSeq, HeadItem? Head);
}
