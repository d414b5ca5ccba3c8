using System.Text.Json;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

/// <summary>Writes run rows, the count of open runs and the inbox. None of it happens in an ordinary step.</summary>
internal sealed class RunRowWriter(RawConnection connection)
{
    /// <summary>Between the classes of data in a row; no class has it in its name.</summary>
    public const char ClassSeparator = ',';

    private const string InsertRun = """
        INSERT INTO runs (tenant, run, agent, status, state, wake_at, owner, body_digest, started_at, ended_at, head_hash, data_classes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string InsertRunOfFormat1 = """
        INSERT INTO runs (tenant, run, agent, status, state, wake_at, owner, body_digest, started_at, ended_at, head_hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    /// <summary>Makes the row of a run that is not there yet.</summary>
    /// <returns>Its number; null when the tenant has too many open runs, and then nothing is written.</returns>
    public long? TryInsert(RunKey run, NewRun start, RowChange? row)
    {
        var state = row?.State ?? OpenState.Runnable;
        if (state != OpenState.Closed && !TryCountOpened(run.Tenant, start.MaxOpenRuns))
            return null;

        var insert = connection.Get(connection.HasRetention ? InsertRun : InsertRunOfFormat1)
            .Bind(1, run.Tenant.Value).Bind(2, run.Run.Value).Bind(3, start.Agent)
            .Bind(4, (long)(row?.Status ?? RunStatus.Running)).Bind(5, (long)state).Bind(6, row?.WakeAt?.UtcTicks)
            .Bind(7, row is null ? start.Owner : row.Owner).Bind(8, "")
            .Bind(9, start.StartedAt.UtcTicks).Bind(10, row?.EndedAt?.UtcTicks).Bind(11, row?.HeadHash);
        if (connection.HasRetention) insert.Bind(12, string.Join(ClassSeparator, start.DataClasses));
        insert.Run();
        return connection.LastRowId;
    }

    public void Change(RunKey run, long runNo, RowChange row)
    {
        bool wasOpen;
        using (var old = connection.Get("SELECT state FROM runs WHERE run_no = ?").Bind(1, runNo))
            wasOpen = old.Step() && old.Number(0) != (long)OpenState.Closed;

        connection.Get("UPDATE runs SET status = ?, state = ?, wake_at = ?, owner = ?, ended_at = ?, head_hash = ? WHERE run_no = ?")
            .Bind(1, (long)row.Status).Bind(2, (long)row.State).Bind(3, row.WakeAt?.UtcTicks).Bind(4, row.Owner)
            .Bind(5, row.EndedAt?.UtcTicks).Bind(6, row.HeadHash).Bind(7, runNo).Run();

        var isOpen = row.State != OpenState.Closed;
        if (wasOpen && !isOpen)
            connection.Get("UPDATE tenants SET open_runs = open_runs - 1 WHERE tenant = ?").Bind(1, run.Tenant.Value).Run();
        else if (!wasOpen && isOpen)
            TryCountOpened(run.Tenant, int.MaxValue);
    }

    public int CountOpen(TenantId tenant)
    {
        using var statement = connection.Get("SELECT open_runs FROM tenants WHERE tenant = ?").Bind(1, tenant.Value);
        return statement.Step() ? (int)statement.Number(0) : 0;
    }

    public void PutApproval(TenantId tenant, ApprovalView approval)
    {
        connection.Get("""
            INSERT INTO approvals (tenant, approval, state, view) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET state = excluded.state, view = excluded.view
            """)
            .Bind(1, tenant.Value).Bind(2, approval.Approval.Value).Bind(3, (long)approval.State)
            .Bind(4, JsonSerializer.SerializeToUtf8Bytes(approval, ApprovalJson.Default.ApprovalView)).Run();
        connection.Get("""
            INSERT INTO tenants (tenant, open_runs, inbox_version) VALUES (?, 0, 1)
            ON CONFLICT DO UPDATE SET inbox_version = inbox_version + 1
            """).Bind(1, tenant.Value).Run();
    }

    /// <summary>
    /// Overwrites what programs before this one wrote of a start request: a hash without a salt, by which the request could be guessed. It keeps
    /// its length, for the reason that <see cref="Seals"/> gives.
    /// </summary>
    public static void BlankDigest(RawConnection connection, long runNo) =>
        connection.Get($"{JournalFormat.BlankDigests} WHERE run_no = ? AND body_digest <> ''").Bind(1, runNo).Run();

    private bool TryCountOpened(TenantId tenant, int maxOpenRuns) =>
        maxOpenRuns > 0 && connection.Get("""
            INSERT INTO tenants (tenant, open_runs, inbox_version) VALUES (?1, 1, 0)
            ON CONFLICT DO UPDATE SET open_runs = open_runs + 1 WHERE open_runs < ?2
            """).Bind(1, tenant.Value).Bind(2, maxOpenRuns).Run() > 0;
}
