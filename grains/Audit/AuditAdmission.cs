using AgentRuntime.Events;

namespace AgentRuntime.Audit;

/// <summary>What arriving records do to the index of their run.</summary>
internal static class AuditAdmission
{
    /// <summary>The most records of a run that wait for one before them. Others are left out, and come again when somebody asks what is missing.</summary>
    public const int MaxParked = 256;

    /// <summary>Takes records in, whatever is among them already.</summary>
    /// <param name="state">The run before.</param>
    /// <param name="events">The records, in any order, none older than <see cref="AuditRunState.TailFrom"/>.</param>
    public static AuditChange Admit(AuditRunState state, IEnumerable<RunEvent> events)
    {
        var parked = new SortedDictionary<long, ParkedRecord>(state.Parked.ToDictionary(static record => record.Seq));
        List<long> conflicts = [];
        var (hasNew, left, reach) = (false, 0, state.Next);
        foreach (var arrived in events.OrderBy(static each => each.Seq))
        {
            var known = arrived.Seq < state.Next ? state.HashOf(arrived.Seq) : parked.TryGetValue(arrived.Seq, out var same) ? same.Hash : default;
            if (!known.IsEmpty)
            {
                if (!known.SequenceEqual(arrived.HeaderHash)) conflicts.Add(arrived.Seq);
                continue;
            }

            if (state.IsWhole)
            {
                // Nothing follows the end of a run: whoever says so contradicts what is known.
                conflicts.Add(arrived.Seq);
                continue;
            }

            while (parked.ContainsKey(reach)) reach++;
            // What closes the gap is always taken.
            if (arrived.Seq != reach && parked.Count - (reach - state.Next) >= MaxParked)
            {
                left++;
                continue;
            }

            parked[arrived.Seq] = new ParkedRecord(arrived.Seq, arrived.HeaderHash, EventTypes.IsEnd(arrived.Type));
            hasNew = true;
        }

        return hasNew || conflicts.Count > 0
            ? Settle(state, parked, conflicts, left)
            : new AuditChange(state, [], conflicts, left);
    }

    // Moves what follows without a gap into the tail, and full pages out of it.
    private static AuditChange Settle(AuditRunState state, SortedDictionary<long, ParkedRecord> parked, List<long> conflicts, int left)
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
        return new AuditChange(after, pages, conflicts, left);
    }
}

/// <summary>A run after records have been taken in.</summary>
/// <param name="After">The run; the very same object where nothing changed.</param>
/// <param name="Pages">Pages that became full, the first of them at the tail's beginning before.</param>
/// <param name="Conflicts">Seqs that came with another hash than the known one.</param>
/// <param name="Left">Records that did not fit.</param>
internal sealed record AuditChange(AuditRunState After, IReadOnlyList<byte[]> Pages, IReadOnlyList<long> Conflicts, int Left);
