using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentRuntime.Embedded.Sqlite;

/// <summary>
/// One small SQLite database that several silo processes share. Work is done one at a time on one connection; a busy database is polled,
/// because SQLite's own waiting starves a writer when others keep committing.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(1);

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly TimeProvider _time;

    private SqliteFile(SqliteConnection connection, TimeProvider time)
    {
        _connection = connection;
        _time = time;
    }

    /// <summary>Opens the database, or makes it.</summary>
    /// <exception cref="AgentRuntimeException">It is damaged, foreign, newer or cannot be opened.</exception>
    public static SqliteFile Open(string path, SqliteSchema schema, SqliteDurability durability, TimeProvider time)
    {
        var connection = NewConnection(path);
        try
        {
            Create(path, schema);
            connection.Open();
            schema.Check(connection);
            connection.Execute(durability == SqliteDurability.Power
                ? "PRAGMA synchronous=FULL; PRAGMA fullfsync=1"
                : "PRAGMA synchronous=NORMAL");
            return new SqliteFile(connection, time);
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw SqliteFailure.ToRuntime(failure, path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            connection.Dispose();
            throw new AgentRuntimeException(ErrorCode.StorageExhausted, $"Database '{path}' cannot be made: {failure.Message}", inner: failure);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in a transaction that has the write lock from the beginning; commits if it returns.</summary>
    /// <exception cref="AgentRuntimeException">Nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation = default) =>
        RunAsync("BEGIN IMMEDIATE", work, cancellation);

    /// <summary>Runs <paramref name="work"/> on one snapshot of the database.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation = default) =>
        RunAsync("BEGIN", work, cancellation);

    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    // A database gets its name only once it is whole and durable, so that an empty file is never taken for a new one: it is a loss.
    private static void Create(string path, SqliteSchema schema)
    {
        if (File.Exists(path))
        {
            return;
        }

        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        using (var connection = NewConnection(draft))
        {
            connection.Open();
            schema.Create(connection);
        }

        DurableFile.TryPublish(draft, path);
        DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
    }

    private static SqliteConnection NewConnection(string path) =>
        new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ToString());

    private async Task<T> RunAsync<T>(string begin, Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await BeginAsync(begin, cancellation);

            // A commit waits for the disk: not on the thread of a grain.
            return await Task.Run(() => Finish(work), CancellationToken.None);
        }
        catch (SqliteException failure)
        {
            throw SqliteFailure.ToRuntime(failure, _connection.DataSource);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task BeginAsync(string begin, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            var code = raw.sqlite3_exec(_connection.Handle, begin);
            if (code == raw.SQLITE_OK)
            {
                return;
            }

            if (code != raw.SQLITE_BUSY || _time.GetElapsedTime(start) > Patience)
            {
                SqliteException.ThrowExceptionForRC(code, _connection.Handle);
            }

            await Task.Delay(PollPeriod, _time, cancellation);
        }
    }

    private T Finish<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            var result = work(_connection);
            SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_connection.Handle, "COMMIT"), _connection.Handle);
            return result;
        }
        catch
        {
            // Some failures have rolled back already; then this one fails and changes nothing.
            raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
            throw;
        }
    }
}
