using System.Collections.Concurrent;

namespace AgentRuntime.Embedded.Journal;

/// <summary>A few read-only connections, shared by all readers. Reads are short transactions: a long one would keep the log from being cut.</summary>
internal sealed class JournalReaders(string file) : IAsyncDisposable
{
    private const int MaxConnections = 4;

    private readonly SemaphoreSlim _free = new(MaxConnections, MaxConnections);
    private readonly ConcurrentBag<RawConnection> _idle = [];
    private volatile bool _closed;

    /// <summary>
    /// Runs a query in one transaction, on a pool thread: the caller's scheduler stays free. One that nobody waits for any more is broken off.
    /// </summary>
    public async Task<T> ReadAsync<T>(Func<RawConnection, T> query, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            return _closed ? throw StoreErrors.Closed(file) : await Task.Run(() => Read(query, cancellation), cancellation);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the running reads, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var i = 0; i < MaxConnections; i++)
            await _free.WaitAsync();
        while (_idle.TryTake(out var connection))
            connection.Dispose();
        _free.Release(MaxConnections);
    }

    private T Read<T>(Func<RawConnection, T> query, CancellationToken cancellation)
    {
        RawConnection? connection = null;
        try
        {
            connection = _idle.TryTake(out var idle) ? idle : Open();
            var result = Query(connection, query, cancellation);
            _idle.Add(connection);
            return result;
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            if (failure is RawFailure { IsInterrupt: true }) throw new OperationCanceledException(cancellation);
            throw failure is RawFailure known ? StoreErrors.From(known, file) : failure;
        }
    }

    private static T Query<T>(RawConnection connection, Func<RawConnection, T> query, CancellationToken cancellation)
    {
        // Ends before the connection is anybody else's, or closed.
        using var interruption = cancellation.UnsafeRegister(static reading => ((RawConnection)reading!).Interrupt(), connection);
        connection.Execute("BEGIN");
        var result = query(connection);
        connection.Execute("COMMIT");
        return result;
    }

    private RawConnection Open()
    {
        var connection = RawConnection.Open(file, readOnly: true);
        connection.Execute("PRAGMA busy_timeout = 2000; PRAGMA cache_size = -8192; PRAGMA query_only = ON; PRAGMA cell_size_check = ON");
        return connection;
    }
}
