using AgentRuntime.Common;
using AgentRuntime.Events;
using Orleans.Storage;

namespace AgentRuntime.Audit;

/// <summary>The states of the runs of one tenant, each by itself, in the grain's storage. What was used last is kept in memory.</summary>
internal sealed class AuditIndex(NamedStates states)
{
    /// <summary>Runs in memory: about 10 MB of runs of ten steps.</summary>
    public const int MaxCached = 8_192;

    /// <summary>How often a write that met another one is tried again.</summary>
    private const int MaxTries = 5;

    private readonly Dictionary<string, (StoredState<AuditRunState> Stored, long UsedAt)> _cached = new(StringComparer.Ordinal);
    private long _uses;

    private static StoredState<AuditRunState> New => new(new AuditRunState(), Etag: null);

    /// <summary>Takes records of a run in. When it returns they are durable.</summary>
    public async Task<AuditChange> AdmitAsync(string run, IReadOnlyList<RunEvent> events)
    {
        for (var tries = 1;; tries++)
        {
            // Of a run that begins nothing is stored: if it is after all, the write finds out.
            var stored = Cached(run) ?? (tries == 1 && events.Any(static each => each.Seq == 0) ? New : await states.ReadAsync<AuditRunState>(NameOf(run)));
            try
            {
                return await AdmitAsync(run, stored, events);
            }
            catch (InconsistentStateException) when (tries < MaxTries)
            {
                _cached.Remove(run);
            }
            catch
            {
                _cached.Remove(run);
                throw;
            }
        }
    }

    /// <summary>The state of a run, which nobody may change.</summary>
    public async Task<AuditRunState> FindAsync(string run) => (Cached(run) ?? Cache(run, await states.ReadAsync<AuditRunState>(NameOf(run)))).Value;

    /// <summary>Hashes of a run that are indexed, from a seq on.</summary>
    public async Task<List<byte[]>> ReadHashesAsync(string run, AuditRunState state, long from, int max)
    {
        List<byte[]> hashes = [];
        byte[] page = [];
        for (var seq = from; seq < state.Next && hashes.Count < max; seq++)
        {
            if (seq >= state.TailFrom)
            {
                hashes.Add(state.HashOf(seq).ToArray());
                continue;
            }

            var at = (int)(seq % AuditRunState.PageHashes);
            if (page.Length == 0 || at == 0) page = await ReadPageAsync(run, seq / AuditRunState.PageHashes);
            hashes.Add(page.AsSpan(at * RunEvent.HashBytes, RunEvent.HashBytes).ToArray());
        }

        return hashes;
    }

    private async Task<AuditChange> AdmitAsync(string run, StoredState<AuditRunState> stored, IReadOnlyList<RunEvent> events)
    {
        var before = stored.Value;
        var old = events.Where(each => each.Seq < before.TailFrom).ToList();
        var change = AuditAdmission.Admit(before, events.Except(old));
        var conflicts = await FindConflictsAsync(run, old);
        if (conflicts.Count > 0)
            change = change with { Conflicts = [.. change.Conflicts, .. conflicts], After = change.After with { Conflicts = change.After.Conflicts + conflicts.Count } };
        if (ReferenceEquals(change.After, before)) return change;
        var page = before.TailFrom / AuditRunState.PageHashes;
        foreach (var full in change.Pages) await WritePageAsync(run, page++, full);
        Cache(run, await states.WriteAsync(NameOf(run), stored.Etag, change.After));
        return change;
    }

    private async Task<List<long>> FindConflictsAsync(string run, List<RunEvent> old)
    {
        List<long> conflicts = [];
        foreach (var same in old.GroupBy(static each => each.Seq / AuditRunState.PageHashes))
        {
            var page = await ReadPageAsync(run, same.Key);
            conflicts.AddRange(same
                .Where(each => !page.AsSpan((int)(each.Seq % AuditRunState.PageHashes) * RunEvent.HashBytes, RunEvent.HashBytes).SequenceEqual(each.HeaderHash))
                .Select(static each => each.Seq));
        }

        return conflicts;
    }

    // A page is written before the state that no longer has its hashes. If that write fails, the same page is written again.
    private async Task WritePageAsync(string run, long number, byte[] hashes)
    {
        try
        {
            await states.WriteAsync(NameOf(run, number), etag: null, new AuditPage { Hashes = hashes });
        }
        catch (InconsistentStateException)
        {
            if (!(await ReadPageAsync(run, number)).AsSpan().SequenceEqual(hashes)) throw;
        }
    }

    private async Task<byte[]> ReadPageAsync(string run, long number)
    {
        var page = (await states.ReadAsync<AuditPage>(NameOf(run, number))).Value;
        return page.Hashes.Length == AuditRunState.PageHashes * RunEvent.HashBytes
            ? page.Hashes
            : throw new InvalidDataException($"Page {number} of the audit index of run {run} is missing. Restore the table of grain state to an earlier point in time.");
    }

    private StoredState<AuditRunState>? Cached(string run)
    {
        if (!_cached.TryGetValue(run, out var cached)) return null;
        _cached[run] = (cached.Stored, ++_uses);
        return cached.Stored;
    }

    private StoredState<AuditRunState> Cache(string run, StoredState<AuditRunState> stored)
    {
        _cached[run] = (stored, ++_uses);
        if (_cached.Count <= MaxCached) return stored;
        foreach (var old in _cached.OrderBy(static each => each.Value.UsedAt).Take(MaxCached / 4).Select(static each => each.Key).ToList()) _cached.Remove(old);
        return stored;
    }

    private static string NameOf(string run) => $"run-{run}";

    private static string NameOf(string run, long page) => FormattableString.Invariant($"run-{run}.{page}");
}
