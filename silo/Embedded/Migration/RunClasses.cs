using AgentRuntime.Agents;
using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using Orleans.Storage;

namespace AgentRuntime.Embedded.Migration;

/// <summary>
/// Fills in which classes of data the agents of older runs handle. May be interrupted: it takes the runs that are not filled in yet. A run
/// whose agent cannot be found, or whose beginning cannot be read, stays as it is, and is kept for ever.
/// </summary>
internal sealed class RunClasses(RawConnection journal, IArtifactStore artifacts, IGrainStorage states, IProgress<WorkStep> progress)
{
    private const int RunsPerPart = 500;

    private readonly Dictionary<(TenantId, string, int), string?> _known = [];
    private readonly EntryReader _reader = new(artifacts);

    /// <returns>How many runs are not filled in.</returns>
    public async Task<long> FillAsync(CancellationToken cancellation)
    {
        var total = journal.QueryNumber("SELECT count(*) FROM runs WHERE data_classes IS NULL") ?? 0;
        var (done, unknown, last) = (0L, 0L, 0L);
        for (var part = Next(last); part.Count > 0; part = Next(last))
        {
            cancellation.ThrowIfCancellationRequested();
            var filled = new List<(long RunNo, string Classes)>();
            foreach (var (runNo, tenant, first) in part)
            {
                if (await FindAsync(tenant, first) is { } classes) filled.Add((runNo, classes));
                else unknown++;
                last = runNo;
            }

            journal.Execute("BEGIN IMMEDIATE");
            foreach (var (runNo, classes) in filled)
                journal.Get("UPDATE runs SET data_classes = ? WHERE run_no = ?").Bind(1, classes).Bind(2, runNo).Run();
            journal.Execute("COMMIT");
            progress.Report(new WorkStep("data classes of runs", done += part.Count, total));
        }

        return unknown;
    }

    private List<(long RunNo, TenantId Tenant, JournalEntry First)> Next(long after)
    {
        var part = new List<(long, TenantId, JournalEntry)>();
        using var statement = journal.Get("""
            SELECT run_no, tenant, header, seal FROM runs JOIN records USING (run_no)
            WHERE data_classes IS NULL AND run_no > ? AND seq = 0 ORDER BY run_no LIMIT ?
            """).Bind(1, after).Bind(2, RunsPerPart);
        while (statement.Step())
            part.Add((statement.Number(0), TenantId.Parse(statement.Text(1)), new JournalEntry(0, statement.Blob(2), Seals.Read(statement, 3))));
        return part;
    }

    // One that is damaged is no worse after the migration, and no reason to leave all others behind.
    private async Task<RunRecord?> ReadAsync(JournalEntry first)
    {
        try
        {
            return (await _reader.ReadAsync(first, CancellationToken.None)).Record;
        }
        catch (AgentRuntimeException damaged) when (damaged.Code == ErrorCode.StorageCorrupted)
        {
            return null;
        }
    }

    private async Task<string?> FindAsync(TenantId tenant, JournalEntry first)
    {
        if (await ReadAsync(first) is not RunStarted start) return null;
        var key = (tenant, start.Agent, start.AgentVersion);
        if (_known.TryGetValue(key, out var known)) return known;
        var definition = await StoredAgents.FindAsync(states, tenant, AgentId.Parse(start.Agent), start.AgentVersion);
        return _known[key] = definition is null ? null : string.Join(RunRowWriter.ClassSeparator, definition.DataClasses);
    }
}
