using AgentRuntime.Common;
using AgentRuntime.Events;
using Orleans.Storage;

namespace AgentRuntime.Audit;

/// <summary>
/// The index of one tenant as it is kept: a segment for each delivery, and now and then the states of the runs that have changed, each by itself. So a run
/// is written about once, however many deliveries it comes in. After a failure to take in, and after <see cref="InconsistentStateException"/>, it is not to be
/// used any more: whoever reads it anew knows what is durable.
/// </summary>
internal sealed class AuditIndex(NamedStates states)
{
    private const string CheckpointName = "checkpoint";

    /// <summary>Runs in memory: about 10 MB of runs of ten steps.</summary>
    public const int MaxRuns = 8_192;

    /// <summary>With so many runs that lie in segments their states are written. A new activation reads these, and those of one more delivery, at most.</summary>
    public const int MaxDirty = 2_048;

    private const int MaxConcurrent = 16;

    private readonly SegmentRing<AuditSegment> _segments = new(states);
    private readonly Dictionary<string, AuditRun> _runs = new(StringComparer.Ordinal);
    private StoredState<AuditCheckpoint> _checkpoint = new(new AuditCheckpoint(), Etag: null);
    private long _uses;

    /// <summary>Takes in, as it was taken in first, what is not in the states of runs yet, and says what that was.</summary>
    public async Task<IReadOnlyList<AuditedChange>> LoadAsync(CancellationToken cancellation)
    {
        _checkpoint = await states.ReadAsync<AuditCheckpoint>(CheckpointName);
        List<AuditSegment> segments = [];
        await foreach (var segment in _segments.ReadAsync(_checkpoint.Value.NextSegment))
        {
            cancellation.ThrowIfCancellationRequested();
            segments.Add(segment);
        }

        await FetchAsync(segments.SelectMany(static segment => segment.Runs).Select(static seen => seen.Run), cancellation);
        List<AuditedChange> all = [];
        foreach (var segment in segments)
        {
            // States that were written after the checkpoint have some already.
            var changes = await AdmitAsync(segment.Runs.Where(seen => segment.Number >= _runs[seen.Run].Stored.Value.NextSegment));
            Apply(changes);
            all.AddRange(changes);
        }

        return all;
    }

    /// <summary>Takes records in. When it returns they are durable, and those that came with another hash are.</summary>
    public async Task<IReadOnlyList<AuditedChange>> AdmitAsync(EventBatch batch, CancellationToken cancellation)
    {
        Trim();
        if (_segments.Next - _checkpoint.Value.NextSegment >= SegmentRing<AuditSegment>.Interval || _runs.Values.Count(static run => run.IsDirty) >= MaxDirty) await FlushAsync();
        var arrived = EventBatchRules.ByRun(batch).Select(static each => new SeenRun(each.Run, [.. each.Events.Select(SeenRecord.Of)])).ToList();
        // Of a run that begins nothing is stored: if it is after all, the first write of its state finds out.
        foreach (var begun in arrived.Where(seen => !_runs.ContainsKey(seen.Run) && seen.Records.Any(static record => record.Seq == 0))) _runs[begun.Run] = AuditRun.Begin();
        await FetchAsync(arrived.Select(static seen => seen.Run), cancellation);
        var changes = await AdmitAsync(arrived);
        var kept = changes.Where(static each => each.Change.Kept.Count > 0).Select(static each => new SeenRun(each.Run, [.. each.Change.Kept])).ToArray();
        if (kept.Length > 0) await _segments.AppendAsync(new AuditSegment { Number = _segments.Next, Runs = kept });
        Apply(changes);
        return changes;
    }

    /// <summary>For each run the first seq that is missing.</summary>
    public async Task<IReadOnlyList<long>> FindMissingAsync(IReadOnlyList<string> runs, CancellationToken cancellation)
    {
        Trim();
        await FetchAsync(runs, cancellation);
        return [.. runs.Select(run => Use(run).State.Next)];
    }

    /// <summary>A run, which is empty when nothing is known of it.</summary>
    public async Task<AuditRun> FindAsync(string run, CancellationToken cancellation)
    {
        Trim();
        await FetchAsync([run], cancellation);
        var known = Use(run);
        if (!known.IsAssumed) return known;
        if ((await states.ReadAsync<AuditRunState>(NameOf(run))).Etag is not null) throw NotBegun(run);
        known.Confirm();
        return known;
    }

    /// <summary>Hashes of a run that are indexed, from a seq on.</summary>
    public async Task<List<byte[]>> ReadHashesAsync(string name, AuditRun run, long from, int max)
    {
        List<byte[]> hashes = [];
        byte[]? page = null;
        for (var seq = from; seq < run.State.Next && hashes.Count < max; seq++)
        {
            if (seq >= run.State.TailFrom)
            {
                hashes.Add(run.State.HashOf(seq).ToArray());
                continue;
            }

            if (page is null || seq % AuditRunState.PageHashes == 0) page = await ReadPageAsync(name, run, seq / AuditRunState.PageHashes);
            hashes.Add(AuditRun.HashIn(page, seq).ToArray());
        }

        return hashes;
    }

    // What runs that are in memory become, each of which is there once. Changes nothing.
    private async Task<List<AuditedChange>> AdmitAsync(IEnumerable<SeenRun> runs)
    {
        List<AuditedChange> changes = [];
        foreach (var seen in runs) changes.Add(await AdmitAsync(seen));
        return changes;
    }

    private async Task<AuditedChange> AdmitAsync(SeenRun seen)
    {
        var run = Use(seen.Run);
        var change = AuditAdmission.Admit(run.State, seen.Records.Where(record => record.Seq >= run.State.TailFrom));
        List<SeenRecord> conflicts = [];
        foreach (var old in seen.Records.Where(record => record.Seq < run.State.TailFrom).GroupBy(static record => record.Seq / AuditRunState.PageHashes))
        {
            var page = await ReadPageAsync(seen.Run, run, old.Key);
            conflicts.AddRange(old.Where(record => !AuditRun.HashIn(page, record.Seq).SequenceEqual(record.Hash)));
        }

        return new AuditedChange(seen.Run, conflicts.Count == 0 ? change : change.With(conflicts));
    }

    private void Apply(IEnumerable<AuditedChange> changes)
    {
        foreach (var (run, change) in changes) _runs[run].Apply(change);
    }

    // Makes sure that runs are in memory.
    private async Task FetchAsync(IEnumerable<string> runs, CancellationToken cancellation)
    {
        foreach (var some in runs.Where(run => !_runs.ContainsKey(run)).Distinct(StringComparer.Ordinal).ToList().Chunk(MaxConcurrent))
        {
            cancellation.ThrowIfCancellationRequested();
            var stored = await Task.WhenAll(some.Select(run => states.ReadAsync<AuditRunState>(NameOf(run))));
            foreach (var (run, state) in some.Zip(stored)) _runs[run] = new AuditRun(state);
        }
    }

    private AuditRun Use(string name)
    {
        var run = _runs[name];
        run.UsedAt = ++_uses;
        return run;
    }

    // Forgets runs that were not used for long, once there are too many.
    private void Trim()
    {
        if (_runs.Count <= MaxRuns) return;
        foreach (var (name, _) in _runs.Where(static each => !each.Value.IsDirty).OrderBy(static each => each.Value.UsedAt).Take(_runs.Count - (MaxRuns / 2)).ToList()) _runs.Remove(name);
    }

    private async Task FlushAsync()
    {
        foreach (var some in _runs.Where(static each => each.Value.IsDirty).ToList().Chunk(MaxConcurrent)) await Task.WhenAll(some.Select(each => WriteAsync(each.Key, each.Value)));
        _checkpoint = await states.WriteAsync(CheckpointName, _checkpoint.Etag, new AuditCheckpoint { NextSegment = _segments.Next });
    }

    // Fails for a run that has only seemed to begin. What came of it is in segments: the next activation compares it with what is stored.
    private async Task WriteAsync(string name, AuditRun run)
    {
        if (run.IsAssumed && run.Pages.Count > 0 && (await states.ReadAsync<AuditRunState>(NameOf(name))).Etag is not null) throw NotBegun(name);
        // Pages first: the state that no longer has their hashes must not be there without them.
        foreach (var (number, hashes) in run.Pages) await WritePageAsync(name, number, hashes);
        run.Written(await states.WriteAsync(NameOf(name), run.Stored.Etag, run.State with { NextSegment = _segments.Next }));
    }

    // A page that is there already has the same hashes: it is written again after a state could not be written.
    private async Task WritePageAsync(string run, long number, byte[] hashes)
    {
        try
        {
            await states.WriteAsync(NameOf(run, number), etag: null, new AuditPage { Hashes = hashes });
        }
        catch (InconsistentStateException)
        {
            if (!(await states.ReadAsync<AuditPage>(NameOf(run, number))).Value.Hashes.AsSpan().SequenceEqual(hashes)) throw;
        }
    }

    private async Task<byte[]> ReadPageAsync(string name, AuditRun run, long number) =>
        run.FindPage(number) ?? (await states.ReadAsync<AuditPage>(NameOf(name, number))).Value.Hashes;

    private static InconsistentStateException NotBegun(string run) => new($"Run {run} had begun before, and came from its first record on again.");

    private static string NameOf(string run) => $"run-{run}";

    private static string NameOf(string run, long page) => FormattableString.Invariant($"run-{run}.{page}");
}
