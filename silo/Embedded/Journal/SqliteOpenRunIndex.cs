using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;

namespace AgentRuntime.Embedded.Journal;

/// <summary>The runs that owe something, by partial indexes that hold nothing else.</summary>
internal sealed class SqliteOpenRunIndex(JournalDatabase database) : IOpenRunIndex
{
    public Task<IReadOnlyList<RunKey>> FindOrphansAsync(
        IReadOnlyCollection<string> liveOwners, PollerShare share, int limit, CancellationToken cancellation) =>
        database.Readers.ReadAsync<IReadOnlyList<RunKey>>(connection => FindOrphans(connection, liveOwners, share, limit), cancellation);

    public Task<IReadOnlyList<RunKey>> FindHeldAsync(string owner, Func<RunKey, bool> isDriven, int limit, CancellationToken cancellation) =>
        database.Readers.ReadAsync<IReadOnlyList<RunKey>>(connection => FindHeld(connection, owner, isDriven, limit), cancellation);

    public Task<IReadOnlyList<RunKey>> FindDueAsync(DateTimeOffset now, PollerShare share, int limit, CancellationToken cancellation) =>
        database.Readers.ReadAsync<IReadOnlyList<RunKey>>(connection => FindDue(connection, now, share, limit), cancellation);

    private static RunKey[] FindOrphans(
        RawConnection connection, IReadOnlyCollection<string> liveOwners, PollerShare share, int limit)
    {
        // Owner by owner, stepping over the live ones: asked each second, it must not walk past all the runs that are well.
        var found = new List<(long RunNo, RunKey Run)>();
        foreach (var owner in Owners(connection).Where(owner => owner is null || !liveOwners.Contains(owner)))
            AddRunsOf(connection, owner, share, limit, found);

        return [.. found.OrderBy(run => run.RunNo).Take(limit).Select(run => run.Run)];
    }

    private static List<string?> Owners(RawConnection connection)
    {
        var owners = new List<string?> { null };
        for (var last = ""; ;)
        {
            using var next = connection.Get("SELECT owner FROM runs WHERE state = 1 AND owner > ? ORDER BY owner LIMIT 1").Bind(1, last);
            if (!next.Step())
                return owners;

            last = next.Text(0);
            owners.Add(last);
        }
    }

    private static void AddRunsOf(
        RawConnection connection, string? owner, PollerShare share, int limit, List<(long RunNo, RunKey Run)> found)
    {
        using var statement = connection.Get("""
            SELECT tenant, run, run_no FROM runs WHERE state = 1 AND owner IS ? AND run_no % ? = ? ORDER BY run_no LIMIT ?
            """).Bind(1, owner).Bind(2, share.Count).Bind(3, share.Rank).Bind(4, limit);
        while (statement.Step())
            found.Add((statement.Number(2), RunRowReader.ReadKey(statement)));
    }

    private static List<RunKey> FindHeld(RawConnection connection, string owner, Func<RunKey, bool> isDriven, int limit)
    {
        var held = new List<RunKey>();
        using var statement = connection.Get("SELECT tenant, run FROM runs WHERE state = 1 AND owner = ? ORDER BY run_no").Bind(1, owner);
        while (held.Count < limit && statement.Step())
        {
            if (RunRowReader.ReadKey(statement) is var run && !isDriven(run)) held.Add(run);
        }

        return held;
    }

    private static List<RunKey> FindDue(RawConnection connection, DateTimeOffset now, PollerShare share, int limit)
    {
        var due = new List<RunKey>();
        using var statement = connection.Get("""
            SELECT tenant, run FROM runs WHERE state = 2 AND wake_at IS NOT NULL AND wake_at <= ? AND run_no % ? = ?
            ORDER BY wake_at LIMIT ?
            """).Bind(1, now.UtcTicks).Bind(2, share.Count).Bind(3, share.Rank).Bind(4, limit);
        while (statement.Step())
            due.Add(RunRowReader.ReadKey(statement));
        return due;
    }
}
