using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Runs.Journal;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Publishing;

/// <summary>Publishes from the journal what subscribers lack.</summary>
internal sealed partial class MissingRecords(IRunJournal journal, EventSender sender, EventInstruments instruments, ILogger<MissingRecords> log)
{
    // Several tenants are read at once: together they hold so much of each.
    private const int MaxConcurrent = 8;
    private const int MaxRecords = 256;
    private const int MaxBytes = 512 * 1024;

    /// <summary>
    /// Publishes runs of a tenant from a seq on, as far as they are known to go, with many of them in a batch. One that cannot be read is left out.
    /// </summary>
    public async Task PublishAsync(TenantId tenant, IReadOnlyList<(RunMark Run, long From)> runs, CancellationToken cancellation)
    {
        foreach (var _ in runs) instruments.Missing();
        for (var left = runs; left.Count > 0;)
        {
            var read = new AppendedRecords?[left.Count];
            var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent, CancellationToken = cancellation };
            await Parallel.ForAsync(0, read.Length, options, async (i, stop) => read[i] = await TryReadAsync(left[i].Run.Run, left[i].From, stop));
            foreach (var batch in EventBatches.Pack(tenant, read.OfType<AppendedRecords>())) await sender.SendAsync(batch);
            left = [.. left.Zip(read).Where(static each => each.Second?.LastSeq < each.First.Run.LastSeq).Select(static each => (each.First.Run, each.Second!.LastSeq + 1))];
        }
    }

    private async Task<AppendedRecords?> TryReadAsync(RunKey run, long from, CancellationToken cancellation)
    {
        try
        {
            if (await journal.FindAsync(run, cancellation) is not { } row) return null;
            return await journal.ReadAsync(run, from, MaxRecords, MaxBytes, cancellation) is { Count: > 0 } entries ? AppendedRecords.Of(run, row.Agent, entries) : null;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            LogNotRead(failure, run);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Records of run {Run} could not be read to be published again; they are tried again later.")]
    private partial void LogNotRead(Exception failure, RunKey run);
}
