using AgentRuntime.Events;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Publishing;

/// <summary>Finds what subscribers lack of runs, and publishes it from the journal.</summary>
internal sealed class MissingRecords(IRunJournal journal, EventLogs logs, EventSender sender, EventInstruments instruments)
{
    private const int MaxRecords = 256;
    private const int MaxBytes = 4 * 1024 * 1024;

    public EventInstruments Instruments => instruments;

    /// <summary>For each run the first seq that a subscriber lacks; more than its last where none does.</summary>
    public async Task<List<(RunMark Run, long Missing)>> FindAsync(IEnumerable<RunMark> runs, CancellationToken cancellation)
    {
        var found = new List<(RunMark, long)>();
        foreach (var tenant in runs.GroupBy(static run => run.Run.Tenant))
        {
            foreach (var some in tenant.Chunk(IRunEventLog.MaxHeads))
            {
                var missing = await logs.FindMissingAsync(tenant.Key, Array.ConvertAll(some, static run => run.Head), cancellation);
                found.AddRange(some.Zip(missing));
            }
        }

        return found;
    }

    /// <summary>Publishes the records of a run from a seq on.</summary>
    public async Task PublishAsync(RunKey run, long from, CancellationToken cancellation)
    {
        if (await journal.FindAsync(run, cancellation) is not { } row) return;
        instruments.Missing();
        while (await journal.ReadAsync(run, from, MaxRecords, MaxBytes, cancellation) is { Count: > 0 } entries)
        {
            await sender.SendAsync(new EventBatch(run.Tenant, new[] { AppendedRecords.Of(run, row.Agent, entries).ToEvents() }));
            from = entries[^1].Seq + 1;
        }
    }
}
