using AgentRuntime.Common;
using Microsoft.Data.Sqlite;

namespace AgentRuntime.Embedded.Sqlite;

/// <summary>What a database of ours looks like.</summary>
/// <param name="ApplicationId">Tells our databases apart from foreign ones.</param>
/// <param name="Version">Grows when an older product could not read the database any more.</param>
/// <param name="Sql">Creates the tables.</param>
internal sealed record SqliteSchema(int ApplicationId, int Version, string Sql)
{
    /// <summary>Up to this size the whole structure is checked at start; it takes about 2 ms a MB.</summary>
    private const long CheckedBytes = 32L << 20;

    /// <summary>Makes the tables in a new database; durable once the connection is closed.</summary>
    public void Create(SqliteConnection connection) => connection.Execute(
        "PRAGMA synchronous=FULL; PRAGMA fullfsync=1; PRAGMA journal_mode=WAL; "
        + $"BEGIN; {Sql}; PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");

    /// <summary>Looks for damage.</summary>
    /// <exception cref="AgentRuntimeException">The database is damaged, foreign or newer.</exception>
    public void Check(SqliteConnection connection)
    {
        RequireWhole(connection);
        RequireOurs(connection);
    }

    private static void RequireWhole(SqliteConnection connection)
    {
        var bytes = connection.Scalar<long>("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
        if (bytes > CheckedBytes)
        {
            return;
        }

        var verdict = connection.Scalar<string>("PRAGMA quick_check(1)");
        if (verdict != "ok")
        {
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted, SqliteFailure.Damaged(connection.DataSource));
        }
    }

    private void RequireOurs(SqliteConnection connection)
    {
        if (connection.Scalar<long>("PRAGMA application_id") != ApplicationId)
        {
            throw new AgentRuntimeException(
                ErrorCode.StorageCorrupted, $"Database '{connection.DataSource}' was not made by the agent runtime. Restore the right file from a backup.");
        }

        var version = connection.Scalar<long>("PRAGMA user_version");
        if (version > Version)
        {
            throw new AgentRuntimeException(
                ErrorCode.StorageCorrupted,
                $"Database '{connection.DataSource}' has version {version}; this product reads up to {Version}. Start it with the newer version.");
        }
    }
}
