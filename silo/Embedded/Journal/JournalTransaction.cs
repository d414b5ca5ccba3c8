using AgentRuntime.Approvals;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

/// <summary>Applies requests to the writer's open transaction. A request that is refused leaves no trace, so its neighbours commit.</summary>
internal sealed class JournalTransaction(RawConnection connection)
{
    private readonly RunCursors _cursors = new();
    private readonly RunRowWriter _rows = new(connection);
    private readonly RawStatement _insert = connection.Get(
        "INSERT INTO records (run_no, seq, header, seal) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");

    /// <summary>Destroys runs in this transaction.</summary>
    public RunPruning Pruning { get; } = new(connection);

    /// <summary>To be called when the transaction was not committed.</summary>
    public void Forget() => _cursors.Clear();

    public AppendResult Append(JournalAppend append) =>
        append.ExpectedSeq == 0 ? Start(append) : Continue(append);

    public bool TryChangeRow(RunKey run, string? expectedOwner, RowChange change, bool mayBeWritten)
    {
        if (RunRowReader.Find(connection, run) is not { } row)
            return false;
        if (row.State == OpenState.Closed || row.Owner != expectedOwner)
            return mayBeWritten && (row.Status, row.State, row.WakeAt, row.Owner) == (change.Status, change.State, change.WakeAt, change.Owner);

        _rows.Change(run, row.RunNo, change);
        return true;
    }

    public bool Erase(RunKey run, long seq) =>
        Find(run) is { } cursor && Seals.Erase(connection, cursor.RunNo, seq);

    private AppendResult Start(JournalAppend append)
    {
        if (Find(append.Run) is { } existing)
            return IsWritten(existing, append) ? new AppendResult.Appended(existing.RunNo) : new AppendResult.Fenced();

        if (_rows.TryInsert(append.Run, append.Start!, append.Row) is not { } runNo)
            return new AppendResult.TooManyOpenRuns(_rows.CountOpen(append.Run.Tenant));

        foreach (var entry in append.Entries)
            TryInsert(runNo, entry);

        WriteRest(runNo, append);
        if (append.Row is null or { State: OpenState.Runnable })
            _cursors.Add(append.Run, runNo, Last(append));
        return new AppendResult.Appended(runNo);
    }

    private AppendResult Continue(JournalAppend append)
    {
        if (Find(append.Run) is not { } cursor || !Exists(cursor, append.ExpectedSeq - 1))
            return new AppendResult.Fenced();

        var entries = append.Entries;
        if (!TryInsert(cursor.RunNo, entries[0]))
            return IsWritten(cursor, append) ? new AppendResult.Appended(cursor.RunNo) : new AppendResult.Fenced();

        // Seqs are dense: where the first was free, the others are.
        for (var i = 1; i < entries.Count; i++)
            TryInsert(cursor.RunNo, entries[i]);

        if (append.Row is { } row)
            _rows.Change(append.Run, cursor.RunNo, row);
        WriteRest(cursor.RunNo, append);
        cursor.Head = Last(append);
        if (append.Row is { State: not OpenState.Runnable })
            _cursors.Forget(append.Run);
        return new AppendResult.Appended(cursor.RunNo);
    }

    private bool TryInsert(long runNo, JournalEntry entry) =>
        _insert.Bind(1, runNo).Bind(2, entry.Seq).Bind(3, entry.Header).Bind(4, entry.Seal).Run() > 0;

    private void WriteRest(long runNo, JournalAppend append)
    {
        if (append.Snapshot is { } snapshot)
        {
            connection.Get("""
                INSERT INTO snapshots (run_no, seq, state) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET seq = excluded.seq, state = excluded.state
                """).Bind(1, runNo).Bind(2, Last(append)).Bind(3, snapshot).Run();
        }

        foreach (ApprovalView approval in append.Inbox)
            _rows.PutApproval(append.Run.Tenant, approval);
    }

    private RunCursor? Find(RunKey run)
    {
        if (_cursors.Find(run) is { } known)
            return known;

        using var statement = connection.Get("SELECT run_no FROM runs WHERE tenant = ? AND run = ?")
            .Bind(1, run.Tenant.Value).Bind(2, run.Run.Value);
        return statement.Step() ? _cursors.Add(run, statement.Number(0), head: -1) : null;
    }

    private bool Exists(RunCursor cursor, long seq)
    {
        if (seq <= cursor.Head)
            return true;

        using var statement = connection.Get("SELECT 1 FROM records WHERE run_no = ? AND seq = ?").Bind(1, cursor.RunNo).Bind(2, seq);
        if (!statement.Step())
            return false;

        cursor.Head = seq;
        return true;
    }

    /// <summary>Whether this very append is there: headers commit to random salts, so no two appends share their bytes.</summary>
    private bool IsWritten(RunCursor cursor, JournalAppend append)
    {
        using var statement = connection.Get("SELECT header FROM records WHERE run_no = ? AND seq >= ? ORDER BY seq")
            .Bind(1, cursor.RunNo).Bind(2, append.ExpectedSeq);
        foreach (var entry in append.Entries)
        {
            if (!statement.Step() || !statement.BlobSpan(0).SequenceEqual(entry.Header))
                return false;
        }

        return true;
    }

    private static long Last(JournalAppend append) => append.ExpectedSeq + append.Entries.Count - 1;
}
