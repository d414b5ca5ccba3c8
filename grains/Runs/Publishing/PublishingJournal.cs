using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Publishing;

/// <summary>A journal that hands what became durable to this silo's publisher. It waits for nothing but the journal.</summary>
internal sealed class PublishingJournal(IRunJournal inner, PublishQueue queue) : IRunJournal
{
    public async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        var result = await inner.AppendAsync(append);
        if (result is AppendResult.Appended) queue.Add(append);
        return result;
    }

    public Task<RunRow?> FindAsync(RunKey run, CancellationToken cancellation) => inner.FindAsync(run, cancellation);

    public async Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation)
    {
        var loaded = await inner.LoadAsync(run, cancellation);
        // One that has ended is in the store's own list of what is to be published.
        if (loaded is { Row.State: not OpenState.Closed }) queue.AddLoaded(loaded.Row, loaded.Entries is [.., var last] ? last.Seq : loaded.SnapshotSeq);
        return loaded;
    }

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation) =>
        inner.ReadAsync(run, fromSeq, maxRecords, maxBytes, cancellation);

    public ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change) => inner.TryChangeRowAsync(run, expectedOwner, change);

    public ValueTask<bool> EraseAsync(RunKey run, long seq) => inner.EraseAsync(run, seq);
}
