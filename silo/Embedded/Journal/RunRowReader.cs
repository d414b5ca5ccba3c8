using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

internal static class RunRowReader
{
    private const string FirstColumns = "tenant, run, run_no, agent, status, state, wake_at, owner, started_at, ended_at, head_hash";
    private const string FindSql = " FROM runs WHERE tenant = ? AND run = ?";

    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public static string Columns(RawConnection connection) => connection.HasRetention ? $"{FirstColumns}, pruned" : $"{FirstColumns}, 0";

    public static RunRow? Find(RawConnection connection, RunKey run)
    {
        using var statement = connection
            .Get(connection.HasRetention ? $"SELECT {FirstColumns}, pruned{FindSql}" : $"SELECT {FirstColumns}, 0{FindSql}")
            .Bind(1, run.Tenant.Value).Bind(2, run.Run.Value);
        return statement.Step() ? Read(statement) : null;
    }

    /// <summary>A run's number, and whether its content is gone or about to be; null when there is no such run.</summary>
    public static (long RunNo, bool IsPruned)? FindNumber(RawConnection connection, RunKey run)
    {
        using var statement = connection
            .Get(connection.HasRetention ? $"SELECT run_no, pruned{FindSql}" : $"SELECT run_no, 0{FindSql}")
            .Bind(1, run.Tenant.Value).Bind(2, run.Run.Value);
        return statement.Step() ? (statement.Number(0), statement.Number(1) != (long)PruneState.Whole) : null;
    }

    public static RunKey ReadKey(RawStatement statement) =>
        new(TenantId.Parse(statement.Text(0)), RunId.Parse(statement.Text(1)));

    public static long ReadNumber(RawStatement statement) => statement.Number(2);

    /// <summary>Whether a list shows the row. Most rows that are looked at are not shown, so no more is read of them. A run whose content is gone is found by its name only.</summary>
    public static bool Fits(RawStatement statement, RunQuery query) =>
        statement.Number(11) == (long)PruneState.Whole
        && (query.Status is not { } status || statement.Number(4) == (long)status)
        && (query.From is not { } from || statement.Number(8) >= from.UtcTicks)
        && (query.Before is not { } before || statement.Number(8) < before.UtcTicks)
        && (query.Agent is not { } agent || statement.Text(3) == agent);

    public static RunRow Read(RawStatement statement) => new(
        ReadKey(statement),
        statement.Number(2),
        statement.Text(3),
        (RunStatus)statement.Number(4),
        (OpenState)statement.Number(5),
        Time(statement.NumberOrNull(6)),
        statement.TextOrNull(7),
        Time(statement.Number(8))!.Value,
        Time(statement.NumberOrNull(9)),
        statement.BlobOrNull(10),
        IsPruned: statement.Number(11) != (long)PruneState.Whole);

    private static DateTimeOffset? Time(long? ticks) => ticks is { } known ? new DateTimeOffset(known, TimeSpan.Zero) : null;
}
