using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

/// <summary>The journals of all runs in one SQLite file.</summary>
internal sealed class SqliteRunJournal(JournalDatabase database) : IRunJournal
{
    public ValueTask<AppendResult> AppendAsync(JournalAppend append) =>
        database.Writer.WriteAsync(new AppendRequest(append, AppendSize.Require(append)));

    public Task<RunRow?> FindAsync(RunKey run, CancellationToken cancellation) =>
        database.Readers.ReadAsync(connection => RunRowReader.Find(connection, run), cancellation);

    public Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation) =>
        database.Readers.ReadAsync(connection => Load(connection, run), cancellation);

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(
        RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation) =>
        database.Readers.ReadAsync<IReadOnlyList<JournalEntry>>(
            connection => ReadEntries(connection, RunRowReader.FindNumber(connection, run), fromSeq, maxRecords, maxBytes), cancellation);

    public ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change) =>
        database.Writer.WriteAsync(new ChangeRowRequest(run, expectedOwner, change));

    public ValueTask<bool> EraseAsync(RunKey run, long seq) => database.Writer.WriteAsync(new EraseRequest(run, seq));

    private static LoadedRun? Load(RawConnection connection, RunKey run)
    {
        if (RunRowReader.Find(connection, run) is not { } row)
            return null;

        byte[]? snapshot = null;
        var snapshotSeq = -1L;
        if (!row.IsPruned)
        {
            using var statement = connection.Get("SELECT seq, state FROM snapshots WHERE run_no = ?").Bind(1, row.RunNo);
            if (statement.Step())
                (snapshotSeq, snapshot) = (statement.Number(0), statement.Blob(1));
        }

        return new LoadedRun(row, snapshot, snapshotSeq, ReadEntries(connection, (row.RunNo, row.IsPruned), snapshotSeq + 1, int.MaxValue, int.MaxValue));
    }

    private static List<JournalEntry> ReadEntries(RawConnection connection, (long RunNo, bool IsPruned)? run, long fromSeq, int maxRecords, int maxBytes)
    {
        var entries = new List<JournalEntry>();
        if (run is not var (runNo, isPruned) || maxRecords <= 0)
            return entries;

        using var statement = connection.Get("SELECT seq, header, seal FROM records WHERE run_no = ? AND seq >= ? ORDER BY seq")
            .Bind(1, runNo).Bind(2, fromSeq);
        for (long bytes = 0; bytes < maxBytes && entries.Count < maxRecords && statement.Step();)
        {
            var entry = new JournalEntry(statement.Number(0), statement.Blob(1), isPruned ? null : Seals.Read(statement, 2));
            bytes += entry.Header.Length + (entry.Seal?.Length ?? 0);
            entries.Add(entry);
        }

        return entries;
    }
}
