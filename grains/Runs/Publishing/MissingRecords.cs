using AgentRuntime.Events;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Publishing;

/// <summary>Publishes from the journal what subscribers lack.</summary>
internal sealed class MissingRecords(IRunJournal journal, EventSender sender, EventInstruments instruments)
{
    private const int MaxRecords = 256;
    private const int MaxBytes = 4 * 1024 * 1024;

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
