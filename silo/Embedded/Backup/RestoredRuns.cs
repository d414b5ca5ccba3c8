using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Embedded.Backup;

/// <summary>Pauses every open run of a restored journal.</summary>
internal sealed class RestoredRuns(RunStore store, BackupManifest backup, TimeProvider time, IProgress<WorkStep> progress)
{
    private const int RunsAtOnce = 256;

    private readonly RestorePause _pause =
        new(new SqliteRunJournal(store.Journal), new EntryWriter(store.Artifacts), new RunRestored(backup.Cluster, backup.TakenAt), time);

    /// <returns>How many runs were paused.</returns>
    public async Task<long> PauseAsync(CancellationToken cancellation)
    {
        var paused = 0L;
        for (long last = 0; ;)
        {
            var part = await store.Journal.Readers.ReadAsync(connection => FindOpen(connection, last), cancellation);
            if (part.Count == 0) return paused;
            await Task.WhenAll(part.Select(run => _pause.AppendAsync(run.Row, run.Newest)));
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
}
