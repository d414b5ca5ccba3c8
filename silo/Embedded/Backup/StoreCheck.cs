using System.Security.Cryptography;
using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Backup;

/// <summary>Verifies every run of a journal that nobody writes to: the chain of its headers, its payloads, and its artifacts.</summary>
internal sealed class StoreCheck(string file, IArtifactStore artifacts, IProgress<WorkStep> progress)
{
    private const int RunsPerReport = 500;
    private const int RunsPerPage = 1_000;

    /// <exception cref="AgentRuntimeException">StorageCorrupted, naming the run and the record.</exception>
    public async Task<StoreContents> RunAsync(CancellationToken cancellation)
    {
        DatabaseCopy.Verify(file);
        using var connection = RawConnection.Open(file, readOnly: true);
        var total = connection.QueryNumber("SELECT count(*) FROM runs") ?? 0;
        var contents = StoreContents.None;
        for (var rows = Page(connection, 0); rows.Count > 0; rows = Page(connection, rows[^1].RunNo))
        {
            foreach (var row in rows)
            {
                cancellation.ThrowIfCancellationRequested();
                contents += await CheckAsync(connection, row);
                if (contents.Runs % RunsPerReport == 0) progress.Report(new WorkStep("verifying runs", contents.Runs, total));
            }
        }

        progress.Report(new WorkStep("verifying runs", contents.Runs, total));
        return contents;
    }

    private static List<RunRow> Page(RawConnection connection, long after)
    {
        var rows = new List<RunRow>();
        using var statement = connection.Get($"SELECT {RunRowReader.Columns(connection)} FROM runs WHERE run_no > ? ORDER BY run_no LIMIT ?")
            .Bind(1, after).Bind(2, RunsPerPage);
        while (statement.Step()) rows.Add(RunRowReader.Read(statement));
        return rows;
    }

    private async Task<StoreContents> CheckAsync(RawConnection connection, RunRow row)
    {
        var large = new List<JournalEntry>();
        var records = 0L;
        if (RunChain.FindFault(row.Key, Entries(connection, row.RunNo, entry =>
            {
                records++;
                if (Seals.FindArtifact(entry.Seal) is not null) large.Add(entry);
            }), row.HeadHash) is { } fault)
            throw StoreErrors.Corrupted(file, $"run {row.Key}: {fault}");

        // What is being pruned may be gone already.
        if (row.IsPruned) large.Clear();
        foreach (var entry in large) await CheckArtifactAsync(row.Key, entry);
        return new StoreContents(1, row.State == OpenState.Closed ? 0 : 1, row.IsPruned ? 1 : 0, records, large.Count);
    }

    private static IEnumerable<JournalEntry> Entries(RawConnection connection, long runNo, Action<JournalEntry> seen)
    {
        using var statement = connection.Get("SELECT seq, header, seal FROM records WHERE run_no = ? ORDER BY seq").Bind(1, runNo);
        while (statement.Step())
        {
            var entry = new JournalEntry(statement.Number(0), statement.Blob(1), Seals.Read(statement, 2));
            seen(entry);
            yield return entry;
        }
    }

    private async Task CheckArtifactAsync(RunKey run, JournalEntry entry)
    {
        var content = await artifacts.GetAsync(run.Tenant, Seals.FindArtifact(entry.Seal)!, CancellationToken.None);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(entry.Seal.AsSpan(1, SealForm.SaltBytes));
        sha.AppendData(content);
        if (!HeaderCodec.Decode(entry.Header).PayloadCommitment.AsSpan().SequenceEqual(sha.GetHashAndReset()))
            throw StoreErrors.Corrupted(file, $"run {run}: the artifact of record {entry.Seq} is not what was recorded");
    }
}
