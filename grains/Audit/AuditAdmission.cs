using AgentRuntime.Events;

namespace AgentRuntime.Audit;

/// <summary>What arriving records do to the index of their run.</summary>
internal static class AuditAdmission
{
    /// <summary>The most records of a run that wait for one before them. Others are left out, and come again when somebody asks what is missing.</summary>
    public const int MaxParked = 256;

    /// <summary>Takes records in, whatever is among them already.</summary>
    /// <param name="state">The run before.</param>
    /// <param name="records">The records, in any order, none older than <see cref="AuditRunState.TailFrom"/>.</param>
    public static AuditChange Admit(AuditRunState state, IEnumerable<SeenRecord> records)
    {
        var parked = new SortedDictionary<long, SeenRecord>(state.Parked.ToDictionary(static record => record.Seq));
        List<long> conflicts = [];
        List<SeenRecord> kept = [];
        var (left, reach) = (0, state.Next);
        foreach (var arrived in records.OrderBy(static each => each.Seq))
        {
            var known = arrived.Seq < state.Next ? state.HashOf(arrived.Seq) : parked.TryGetValue(arrived.Seq, out var same) ? same.Hash : default;
            if (!known.IsEmpty)
            {
                if (known.SequenceEqual(arrived.Hash)) continue;
                conflicts.Add(arrived.Seq);
                kept.Add(arrived);
                continue;
            }

            if (state.IsWhole)
            {
                // Nothing follows the end of a run: whoever says so contradicts what is known.
                conflicts.Add(arrived.Seq);
                kept.Add(arrived);
                continue;
            }

            while (parked.ContainsKey(reach)) reach++;
            // What closes the gap is always taken.
            if (arrived.Seq != reach && parked.Count - (reach - state.Next) >= MaxParked)
            {
                left++;
                continue;
            }

            parked[arrived.Seq] = arrived;
            kept.Add(arrived);
        }

        return kept.Count > 0
            ? Settle(state, parked, conflicts) with { Kept = kept, Left = left }
            : new AuditChange(state, [], conflicts) { Left = left };
    }

    // Moves what follows without a gap into the tail, and full pages out of it.
    private static AuditChange Settle(AuditRunState state, SortedDictionary<long, SeenRecord> parked, List<long> conflicts)
    {
        var tail = new List<byte>(state.Tail);
        var (next, isWhole) = (state.Next, state.IsWhole);
        while (!isWhole && parked.Remove(next, out var record))
        {
            tail.AddRange(record.Hash);
            isWhole = record.IsEnd;
            next++;
        }

        const int PageBytes = AuditRunState.PageHashes * RunEvent.HashBytes;
        List<byte[]> pages = [];
        var all = tail.ToArray();
        while (all.Length - (pages.Count * PageBytes) > PageBytes) pages.Add(all[(pages.Count * PageBytes)..((pages.Count + 1) * PageBytes)]);
        var after = state with
        {
            Next = next, IsWhole = isWhole, Tail = all[(pages.Count * PageBytes)..], Parked = isWhole ? [] : [.. parked.Values], Conflicts = state.Conflicts + conflicts.Count,
        };
        return new AuditChange(after, pages, conflicts);
    }
}

/// <summary>A run after records have been taken in.</summary>
/// <param name="After">The run; the very same object where nothing changed.</param>
/// <param name="Pages">Pages that became full, the first of them at the tail's beginning before.</param>
/// <param name="Conflicts">Seqs that came with another hash than the known one.</param>
internal sealed record AuditChange(AuditRunState After, IReadOnlyList<byte[]> Pages, IReadOnlyList<long> Conflicts)
{
    /// <summary>The records that are new or that contradict what is known: admitted alone they change the run just so.</summary>
    public IReadOnlyList<SeenRecord> Kept { get; init; } = [];

    /// <summary>How many did not fit.</summary>
    public int Left { get; init; }

    /// <summary>The same with records of full pages that contradict these.</summary>
    public AuditChange With(IReadOnlyCollection<SeenRecord> old) => this with
    {
        Kept = [.. old, .. Kept], Conflicts = [.. old.Select(static record => record.Seq), .. Conflicts], After = After with { Conflicts = After.Conflicts + old.Count },
    };
}

/// <summary>What records did to a run.</summary>
internal sealed record AuditedChange(string Run, AuditChange Change);
