using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>The journals of all runs in one table of DynamoDB.</summary>
internal sealed class DynamoDbRunJournal(JournalAppender appender, HeadChanger heads, EntryEraser eraser, JournalReader reader, KnownRuns known, JournalTable table) : IRunJournal
{
    public ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        AppendSize.Require(append);
        return new ValueTask<AppendResult>(appender.AppendAsync(append));
    }

    public Task<RunRow?> FindAsync(RunKey run, CancellationToken cancellation) => ReadingAsync(async () => (await reader.FindHeadAsync(run, cancellation))?.Row, cancellation);

    public Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation) => ReadingAsync(async () =>
    {
        if (await reader.LoadAsync(run, cancellation) is not var (head, loaded)) return null;
        var nextSeq = (loaded.Entries.Count > 0 ? loaded.Entries[^1].Seq : loaded.SnapshotSeq) + 1;
        if (head.Row.State == OpenState.Closed) known.Forget(run);
        else known.Set(run, nextSeq, head);
        return loaded;
    }, cancellation);

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation) =>
        ReadingAsync(() => reader.ReadAsync(run, fromSeq, maxRecords, maxBytes, cancellation), cancellation);

    public ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change) => new(heads.TryChangeAsync(run, expectedOwner, change));

    public ValueTask<bool> EraseAsync(RunKey run, long seq) => new(eraser.EraseAsync(run, seq));

    private Task<T> ReadingAsync<T>(Func<Task<T>> read, CancellationToken cancellation) => StoreFailures.ReadingAsync(table.Store, read, cancellation);
}
