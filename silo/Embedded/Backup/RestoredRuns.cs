using System.Security.Cryptography;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Embedded.Backup;

/// <summary>
/// Pauses every open run of a restored journal with reason <c>restored</c>, before any silo has seen it: whoever the backup was taken from may
/// have gone on with it. A person lets each go on; from then on its at-most-once calls ask first.
/// </summary>
internal sealed class RestoredRuns(RunStore store, BackupManifest backup, TimeProvider time, IProgress<WorkStep> progress)
{
    public const string Reason = "restored";

    private const int RunsAtOnce = 256;

    private readonly SqliteRunJournal _journal = new(store.Journal);
    private readonly EntryWriter _writer = new(store.Artifacts);

    /// <returns>How many runs were paused.</returns>
    public async Task<long> PauseAsync(CancellationToken cancellation)
    {
        var paused = 0L;
        for (long last = 0; ;)
        {
            var part = await store.Journal.Readers.ReadAsync(connection => FindOpen(connection, last), cancellation);
            if (part.Count == 0) return paused;
            await Task.WhenAll(part.Select(PauseAsync));
            last = part[^1].Row.RunNo;
            paused += part.Count;
            progress.Report(new WorkStep("pausing runs", paused, backup.Contents.OpenRuns));
        }
    }

    private static List<(RunRow Row, JournalEntry Newest)> FindOpen(RawConnection connection, long after)
    {
        var open = new List<(RunRow, JournalEntry)>();
        using var statement = connection.Get($"""
            SELECT {RunRowReader.Columns(connection)},
                (SELECT max(seq) FROM records WHERE records.run_no = runs.run_no) AS head
            FROM runs WHERE run_no > ? AND state <> 3 AND status < 6 ORDER BY run_no LIMIT ?
            """).Bind(1, after).Bind(2, RunsAtOnce);
        while (statement.Step())
        {
            var row = RunRowReader.Read(statement);
            using var head = connection.Get("SELECT seq, header FROM records WHERE run_no = ? AND seq = ?").Bind(1, row.RunNo).Bind(2, statement.Number(12));
            if (head.Step()) open.Add((row, new JournalEntry(head.Number(0), head.Blob(1), null)));
        }

        return open;
    }

    private async Task PauseAsync((RunRow Row, JournalEntry Newest) run)
    {
        var (row, newest) = run;
        var head = SHA256.HashData(newest.Header);
        var trace = HeaderCodec.Decode(newest.Header).TraceId;
        RunRecord[] records = [new RunRestored(backup.Cluster, backup.TakenAt), new RunPaused(Actors.Runtime, Reason)];
        var entries = new JournalEntry[records.Length];
        for (var i = 0; i < records.Length; i++)
        {
            var fields = new HeaderFields(row.Key, newest.Seq + 1 + i, string.Empty, 0, 0, time.GetUtcNow(), Actors.Runtime, trace, 0);
            entries[i] = await _writer.WriteAsync(fields, records[i], head);
        }

        var result = await _journal.AppendAsync(new JournalAppend(row.Key, newest.Seq + 1, entries)
        {
            RunNo = row.RunNo,
            Row = new RowChange(RunStatus.Paused, OpenState.Waiting, WakeAt: null, Owner: null),
        });
        if (result is not AppendResult.Appended) throw new InvalidOperationException($"run {row.Key}: somebody else writes to a folder that is being restored.");
    }
}
