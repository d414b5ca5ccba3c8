using AgentRuntime.Common;
using AgentRuntime.Runs;

namespace AgentRuntime.Embedded.Journal;

/// <summary>Finds what may be pruned. Only in a file that <see cref="RawConnection.HasRetention"/>.</summary>
internal static class ExpiredRuns
{
    /// <summary>Asks for a record of a whole run that refers to an artifact, by the artifact and its tenant. It is to look in the index of artifacts.</summary>
    internal const string IsWantedSql = """
        SELECT 1 FROM records JOIN runs USING (run_no)
        WHERE substr(seal, 34) = ? AND seal >= x'01' AND seal < x'02' AND pruned = 0 AND tenant = ? LIMIT 1
        """;

    /// <summary>Tenants that have runs.</summary>
    public static IReadOnlyList<TenantId> FindTenants(RawConnection connection)
    {
        var tenants = new List<TenantId>();
        for (var last = ""; ;)
        {
            using var next = connection.Get("SELECT tenant FROM runs WHERE tenant > ? ORDER BY tenant LIMIT 1").Bind(1, last);
            if (!next.Step())
                return tenants;

            last = next.Text(0);
            tenants.Add(TenantId.Parse(last));
        }
    }

    /// <summary>The sets of classes of data that a tenant's ended runs have. A run whose classes are not known is in none.</summary>
    public static IReadOnlyList<string> FindClassSets(RawConnection connection, TenantId tenant)
    {
        var sets = new List<string>();
        for (string? last = null; ;)
        {
            var sql = "SELECT data_classes FROM runs WHERE tenant = ? AND state = 3 AND pruned < 2"
                + $" AND data_classes {(last is null ? ">=" : ">")} ? ORDER BY data_classes LIMIT 1";
            using var next = connection.Get(sql).Bind(1, tenant.Value).Bind(2, last ?? "");
            if (!next.Step())
                return sets;

            last = next.Text(0);
            sets.Add(last);
        }
    }

    /// <summary>Runs that ended before <paramref name="before"/>, the oldest first, behind <paramref name="after"/>.</summary>
    public static IReadOnlyList<ExpiredRun> Find(
        RawConnection connection, TenantId tenant, string classes, DateTimeOffset before, ExpiredRun? after, int limit)
    {
        var runs = new List<ExpiredRun>();
        using var statement = connection.Get("""
            SELECT run_no, run, ended_at FROM runs WHERE tenant = ? AND data_classes = ? AND state = 3 AND pruned < 2
            AND (ended_at, run_no) > (?, ?) AND ended_at <= ? ORDER BY ended_at, run_no LIMIT ?
            """)
            .Bind(1, tenant.Value).Bind(2, classes).Bind(3, after?.EndedAtTicks ?? 0).Bind(4, after?.RunNo ?? 0)
            .Bind(5, before.UtcTicks).Bind(6, limit);
        while (statement.Step())
            runs.Add(new ExpiredRun(new RunKey(tenant, RunId.Parse(statement.Text(1))), statement.Number(0), statement.Number(2)));
        return runs;
    }

    /// <summary>The artifacts that the records of a run refer to.</summary>
    public static IReadOnlyList<string> FindArtifacts(RawConnection connection, long runNo)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var statement = connection.Get("SELECT seal FROM records WHERE run_no = ? AND seal >= x'01' AND seal < x'02'").Bind(1, runNo);
        while (statement.Step())
        {
            if (Seals.FindArtifact(statement.BlobSpan(0)) is { } name)
                names.Add(name);
        }

        return [.. names];
    }

    /// <summary>Whether a run that is whole refers to an artifact.</summary>
    public static bool IsWanted(RawConnection connection, TenantId tenant, string artifact)
    {
        using var statement = connection.Get(IsWantedSql).Bind(1, System.Text.Encoding.ASCII.GetBytes(artifact)).Bind(2, tenant.Value);
        return statement.Step();
    }

    /// <summary>How many records of a run have a payload, and its bytes.</summary>
    public static (long Records, long Bytes) Measure(RawConnection connection, long runNo)
    {
        using var statement = connection.Get("SELECT count(seal), coalesce(sum(length(seal)), 0) FROM records WHERE run_no = ?").Bind(1, runNo);
        return statement.Step() ? (statement.Number(0), statement.Number(1)) : default;
    }
}

/// <summary>A run whose retention has ended.</summary>
internal sealed record ExpiredRun(RunKey Key, long RunNo, long EndedAtTicks);
