using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Segments;

/// <summary>Each run's journal where its tenant lies.</summary>
internal sealed class PlacedRunJournal(PlacedStores stores) : IRunJournal
{
    public ValueTask<AppendResult> AppendAsync(JournalAppend append) => Of(append.Run).AppendAsync(append);

    public Task<RunRow?> FindAsync(RunKey run, CancellationToken cancellation) => Of(run).FindAsync(run, cancellation);

    public Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation) => Of(run).LoadAsync(run, cancellation);

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation) =>
        Of(run).ReadAsync(run, fromSeq, maxRecords, maxBytes, cancellation);

    public ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change) => Of(run).TryChangeRowAsync(run, expectedOwner, change);

    public ValueTask<bool> EraseAsync(RunKey run, long seq) => Of(run).EraseAsync(run, seq);

    private IRunJournal Of(RunKey run) => stores.Of(run.Tenant).Journal;
}
