using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// Destroys the content of runs in the writer's open transaction, a part at a time. Each part may be done again. Only in a file that
/// <see cref="RawConnection.HasRetention"/>.
/// </summary>
internal sealed class RunPruning(RawConnection connection)
{
    private const int RecordsPerPart = 256;
    private const int BytesPerPart = 4 << 20;

    /// <summary>From here on nobody is shown the run, nor anything that the store holds besides its records, and what these refer to may go.</summary>
    public bool Begin(RunKey run, long runNo)
    {
        connection.Get("UPDATE runs SET pruned = ? WHERE run_no = ? AND state = ? AND pruned = ?")
            .Bind(1, (long)PruneState.Begun).Bind(2, runNo).Bind(3, (long)OpenState.Closed).Bind(4, (long)PruneState.Whole).Run();
        RunRowWriter.BlankDigest(connection, runNo);
        connection.Get("DELETE FROM snapshots WHERE run_no = ?").Bind(1, runNo).Run();

        // An approval's id begins with its run's, and so may another run's.
        var removed = connection.Get("""
            DELETE FROM approvals WHERE tenant = ?1 AND approval >= ?2 || '-' AND approval < ?2 || '.'
            AND json_extract(CAST(view AS TEXT), '$.Run') = ?2
            """).Bind(1, run.Tenant.Value).Bind(2, run.Run.Value).Run();
        if (removed > 0)
            connection.Get("UPDATE tenants SET inbox_version = inbox_version + 1 WHERE tenant = ?").Bind(1, run.Tenant.Value).Run();
        return true;
    }

    /// <summary>Overwrites salts and payloads of a few records.</summary>
    /// <returns>The seq to go on with; null when there are no more.</returns>
    public long? EraseRecords(long runNo, long fromSeq)
    {
        var part = new List<long>();
        var bytes = 0L;
        using (var records = connection.Get("SELECT seq, length(seal) FROM records WHERE run_no = ? AND seq >= ? ORDER BY seq")
            .Bind(1, runNo).Bind(2, fromSeq))
        {
            while (part.Count < RecordsPerPart && bytes < BytesPerPart && records.Step())
            {
                part.Add(records.Number(0));
                bytes += records.Number(1);
            }
        }

        foreach (var seq in part)
            Seals.Erase(connection, runNo, seq);
        return part.Count > 0 ? part[^1] + 1 : null;
    }

    /// <summary>Says that the records of a run are erased.</summary>
    public bool Finish(long runNo) => connection.Get("UPDATE runs SET pruned = ? WHERE run_no = ?").Bind(1, (long)PruneState.Pruned).Bind(2, runNo).Run() > 0;

    /// <summary>
    /// Writes the tables anew whose rows change their size. SQLite overwrites what is deleted, but not the copies that it leaves in unused parts
    /// of pages when it moves rows; here all pages of the tables become free, which are overwritten whole.
    /// </summary>
    /// <returns>False when there are more than <paramref name="maxRows"/>, which would hold up who else writes; then nothing was done.</returns>
    public bool TryScrub(long maxRows)
    {
        var tables = new[] { "approvals", "snapshots" };
        if (tables.Sum(table => connection.QueryNumber($"SELECT count(*) FROM {table}")) > maxRows) return false;
        foreach (var table in tables)
            connection.Execute($"CREATE TABLE kept AS SELECT * FROM {table}; DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept ORDER BY 1; DROP TABLE kept");
        return true;
    }
}
