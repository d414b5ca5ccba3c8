using AgentRuntime.Common;
using AgentRuntime.Events;

namespace AgentRuntime.Runs.Publishing;

/// <summary>Makes batches of appends.</summary>
internal static class EventBatches
{
    /// <summary>Batches of the records of one tenant, those of a run together as far as they follow each other.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="appends">Its appends, those of each run in their order, of at most <see cref="EventBatch.MaxEvents"/> records each.</param>
    public static IEnumerable<EventBatch> Pack(TenantId tenant, IEnumerable<AppendedRecords> appends)
    {
        List<RunEvents> runs = [];
        var room = EventBatch.MaxEvents;
        foreach (var events in appends.GroupBy(static append => append.Run).SelectMany(static same => Join(same)))
        {
            if (events.Events.Count > room)
            {
                yield return new EventBatch(tenant, runs);
                (runs, room) = ([], EventBatch.MaxEvents);
            }

            runs.Add(events);
            room -= events.Events.Count;
        }

        if (runs.Count > 0) yield return new EventBatch(tenant, runs);
    }

    private static IEnumerable<RunEvents> Join(IEnumerable<AppendedRecords> appends)
    {
        RunEvents? joined = null;
        foreach (var next in appends.Select(static append => append.ToEvents()))
        {
            if (joined is not null && joined.Events[^1].Seq + 1 == next.Events[0].Seq && joined.Events.Count + next.Events.Count <= EventBatch.MaxEvents)
            {
                joined = joined with { Events = (RunEvent[])[.. joined.Events, .. next.Events] };
                continue;
            }

            if (joined is not null) yield return joined;
            joined = next;
        }

        if (joined is not null) yield return joined;
    }
}
