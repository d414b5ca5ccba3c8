using System.Collections.Concurrent;
using System.Threading.Channels;
using AgentRuntime.Events;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Publishing;

/// <summary>
/// What this silo has appended and not yet published. Nobody waits for it: what does not fit is forgotten here, and the run is noted, so that its
/// records are read from the journal again. Notes that do not fit either are found by the <see cref="PublicationReconciler"/> in the store.
/// </summary>
internal sealed class PublishQueue(TimeProvider time, EventInstruments instruments)
{
    public const int MaxAppends = 16_384;
    public const int MaxRuns = 65_536;

    /// <summary>What was published by then has usually arrived.</summary>
    public static readonly TimeSpan CheckAfter = TimeSpan.FromSeconds(5);

    private readonly Channel<AppendedRecords> _appends = Channel.CreateBounded<AppendedRecords>(new BoundedChannelOptions(MaxAppends) { SingleReader = true });
    private readonly ConcurrentDictionary<RunKey, string> _agents = new();
    private readonly ConcurrentDictionary<RunKey, Note> _behind = new();

    public ChannelReader<AppendedRecords> Appends => _appends.Reader;

    /// <summary>Takes what has just become durable.</summary>
    public void Add(JournalAppend append)
    {
        if (append.Start is { } start) Remember(append.Run, start.Agent);
        var agent = _agents.GetValueOrDefault(append.Run);
        if (append.Row is { State: OpenState.Closed }) _agents.TryRemove(append.Run, out _);
        var fits = append.Entries.Count <= EventBatch.MaxEvents;
        if (fits && agent is not null && _appends.Writer.TryWrite(AppendedRecords.Of(append.Run, agent, append.Entries))) return;
        instruments.Dropped(append.Entries.Count);
        AddBehind(append.Run, append.ExpectedSeq + append.Entries.Count - 1);
    }

    /// <summary>Notes an open run that was read: whoever wrote its records may not have published them.</summary>
    public void AddLoaded(RunRow row, long lastSeq)
    {
        Remember(row.Key, row.Agent);
        AddBehind(row.Key, lastSeq);
    }

    /// <summary>Notes a run of which subscribers may lack records.</summary>
    public void AddBehind(RunKey run, long lastSeq) => AddBehind(run, lastSeq, time.GetUtcNow() + CheckAfter);

    /// <summary>Notes a run that is to be looked at from <paramref name="due"/> on; one that is noted already keeps the earlier time.</summary>
    public void AddBehind(RunKey run, long lastSeq, DateTimeOffset due)
    {
        if (_behind.Count >= MaxRuns && !_behind.ContainsKey(run)) return;
        _behind.AddOrUpdate(
            run,
            static (_, note) => note,
            static (_, before, note) => new Note(Math.Max(before.LastSeq, note.LastSeq), before.Due < note.Due ? before.Due : note.Due),
            new Note(lastSeq, due));
    }

    /// <summary>Takes noted runs that are due to be looked at.</summary>
    public List<RunMark> TakeBehind(int limit)
    {
        var now = time.GetUtcNow();
        var taken = new List<RunMark>();
        foreach (var (run, note) in _behind)
        {
            if (taken.Count == limit) break;
            if (note.Due <= now && _behind.TryRemove(run, out var last)) taken.Add(new RunMark(run, last.LastSeq));
        }

        return taken;
    }

    private void Remember(RunKey run, string agent)
    {
        if (_agents.Count >= MaxRuns) _agents.Clear();
        _agents[run] = agent;
    }

    private sealed record Note(long LastSeq, DateTimeOffset Due);
}
