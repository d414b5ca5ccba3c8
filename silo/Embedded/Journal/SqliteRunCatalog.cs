using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// Lists of runs from their rows, in the order of their numbers, which is that of their start. An index finds those of an agent, of a status or of
/// the tenant; whatever else is asked for is looked for among them, so many at most for a page.
/// </summary>
internal sealed class SqliteRunCatalog(JournalDatabase database) : IRunCatalog
{
    /// <summary>About 5 ms of a reader's time.</summary>
    public const int MaxLookedAt = 10_000;

    public Task<RunPage> ListAsync(TenantId tenant, RunQuery query, CancellationToken cancellation) =>
        database.Readers.ReadAsync(connection => List(connection, tenant, query), cancellation);

    public Task<IReadOnlyDictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        database.Readers.ReadAsync<IReadOnlyDictionary<RunStatus, long>>(connection => Count(connection, tenant), cancellation);

    private static RunPage List(RawConnection connection, TenantId tenant, RunQuery query)
    {
        var (first, last) = RunNumbers.Between(connection, tenant, query.From, query.Before);
        if (query is { After: { } after, IsOldestFirst: true }) first = Math.Max(first, after + 1);
        if (query is { After: { } before, IsOldestFirst: false }) last = Math.Min(last, before - 1);
        using var statement = connection.Get(Sql(connection, query)).Bind(1, tenant.Value).Bind(2, first).Bind(3, last).Bind(4, MaxLookedAt);
        if (ByAgent(query)) statement.Bind(5, query.Agent);
        else if (query.Status is { } status) statement.Bind(5, (long)status);

        var found = new List<RunRow>();
        for (var lookedAt = 1; statement.Step(); lookedAt++)
        {
            if (found.Count == query.Limit) return new RunPage(found, found[^1].RunNo);
            if (RunRowReader.Fits(statement, query)) found.Add(RunRowReader.Read(statement));
            if (lookedAt == MaxLookedAt) return new RunPage(found, RunRowReader.ReadNumber(statement));
        }

        return new RunPage(found, Next: null);
    }

    // Each combination has its own statement, so that each finds its own index.
    private static string Sql(RawConnection connection, RunQuery query) =>
        $"SELECT {RunRowReader.Columns(connection)} FROM runs WHERE tenant = ?1 AND run_no BETWEEN ?2 AND ?3"
        + (ByAgent(query) ? " AND agent = ?5" : query.Status is null ? "" : " AND status = ?5")
        + (query.IsOldestFirst ? " ORDER BY run_no LIMIT ?4" : " ORDER BY run_no DESC LIMIT ?4");

    // Runs that have ended are the many.
    private static bool ByAgent(RunQuery query) => query.Agent is not null && (query.Status is not { } status || status.IsTerminal());

    private static Dictionary<RunStatus, long> Count(RawConnection connection, TenantId tenant)
    {
        var counts = new Dictionary<RunStatus, long>();
        var sql = $"SELECT status, count(*) FROM runs WHERE tenant = ?{(connection.HasRetention ? " AND pruned = 0" : "")} GROUP BY status";
        using var statement = connection.Get(sql).Bind(1, tenant.Value);
        while (statement.Step())
            counts[(RunStatus)statement.Number(0)] = statement.Number(1);
        return counts;
    }
}
