using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

/// <summary>Lists of runs from their rows.</summary>
internal sealed class SqliteRunCatalog(JournalDatabase database) : IRunCatalog
{
    public Task<IReadOnlyList<RunRow>> ListAsync(
        TenantId tenant, RunStatus? status, string? agent, long beforeRunNo, int limit, CancellationToken cancellation) =>
        database.Readers.ReadAsync<IReadOnlyList<RunRow>>(connection => List(connection, tenant, status, agent, beforeRunNo, limit), cancellation);

    public Task<IReadOnlyDictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        database.Readers.ReadAsync<IReadOnlyDictionary<RunStatus, long>>(connection => Count(connection, tenant), cancellation);

    private static List<RunRow> List(
        RawConnection connection, TenantId tenant, RunStatus? status, string? agent, long beforeRunNo, int limit)
    {
        // Each combination has its own statement, so that each finds its own index.
        var sql = $"SELECT {RunRowReader.Columns(connection)} FROM runs WHERE tenant = ?1 AND run_no < ?2{NotPruned(connection)}"
            + (status is null ? "" : " AND status = ?4") + (agent is null ? "" : " AND agent = ?5") + " ORDER BY run_no DESC LIMIT ?3";
        using var statement = connection.Get(sql).Bind(1, tenant.Value).Bind(2, beforeRunNo).Bind(3, limit);
        if (status is { } wantedStatus)
            statement.Bind(4, (long)wantedStatus);
        if (agent is not null)
            statement.Bind(5, agent);

        var rows = new List<RunRow>();
        while (statement.Step())
            rows.Add(RunRowReader.Read(statement));
        return rows;
    }

    private static Dictionary<RunStatus, long> Count(RawConnection connection, TenantId tenant)
    {
        var counts = new Dictionary<RunStatus, long>();
        using var statement = connection.Get($"SELECT status, count(*) FROM runs WHERE tenant = ?{NotPruned(connection)} GROUP BY status").Bind(1, tenant.Value);
        while (statement.Step())
            counts[(RunStatus)statement.Number(0)] = statement.Number(1);
        return counts;
    }

    /// <summary>A run whose content is gone is found by its name only.</summary>
    private static string NotPruned(RawConnection connection) => connection.HasRetention ? " AND pruned = 0" : "";
}
