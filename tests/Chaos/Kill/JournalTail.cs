using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill;

/// <summary>Reads the journals from outside, as they grow.</summary>
internal abstract class JournalTail
{
    private readonly ResumeClock _clock = new();
    private readonly Dictionary<(string Run, long Seq), string> _seen = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>Every record that was seen, by what its header commits to.</summary>
    public IReadOnlyDictionary<(string Run, long Seq), string> Seen => _seen;

    public ResumeClock Clock => _clock;

    public (int Waiting, int Ended, long Records) Progress
    {
        get
        {
            lock (Gate) return (_clock.Waiting, _ended.Count, _seen.Count);
        }
    }

    protected Lock Gate { get; } = new();

    /// <summary>Looks what is new.</summary>
    public abstract Task LookAsync();

    /// <summary>Notes which runs were in flight on the silos that were killed at <paramref name="at"/>.</summary>
    public abstract Task StruckAsync(IReadOnlyCollection<int> siloPorts, DateTimeOffset at);

    public void StartAnew(DateTimeOffset at)
    {
        lock (Gate) _clock.StartAnew(at);
    }

    protected bool HasEnded(string run)
    {
        lock (Gate) return _ended.Contains(run);
    }

    /// <summary>Takes note of a record that was not read before.</summary>
    protected void Note(RecordHeader header)
    {
        var run = header.Run.Run.Value;
        lock (Gate)
        {
            _seen[(run, header.Seq)] = Convert.ToHexStringLower(header.PayloadCommitment);
            _clock.Appended(run, header.Time);
            if (header.Alias is "run.completed" or "run.failed" or "run.cancelled") _ended.Add(run);
        }
    }

    protected void NoteStruck(IEnumerable<string> runs, DateTimeOffset at)
    {
        lock (Gate) _clock.Struck(runs, at);
    }
}
