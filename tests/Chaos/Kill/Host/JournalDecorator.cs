using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>A journal that passes everything on, to be overridden in part.</summary>
internal abstract class JournalDecorator(IRunJournal inner) : IRunJournal
{
    protected IRunJournal Inner => inner;

    public virtual ValueTask<AppendResult> AppendAsync(JournalAppend append) => inner.AppendAsync(append);

    public Task<RunRow?> FindAsync(RunKey run, CancellationToken cancellation) => inner.FindAsync(run, cancellation);

    public virtual Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation) => inner.LoadAsync(run, cancellation);

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(
        RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation) =>
        inner.ReadAsync(run, fromSeq, maxRecords, maxBytes, cancellation);

    public virtual ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change) =>
        inner.TryChangeRowAsync(run, expectedOwner, change);

    public ValueTask<bool> EraseAsync(RunKey run, long seq) => inner.EraseAsync(run, seq);
}
