using AgentRuntime.Common;
using SQLitePCL;

namespace AgentRuntime.Embedded.Journal;

/// <summary>The writer's connection: transactions, and keeping the log short.</summary>
internal sealed class JournalSession : IDisposable
{
    /// <summary>Pages of 8 KiB in the log after which it is copied into the main file: trades the size of the log for fewer copies.</summary>
    private const int CheckpointPages = 2048;

    /// <summary>Pages at which the writer waits for the copying: the log must not grow without end when the disk cannot keep up.</summary>
    private const int MaxLogPages = 8 * CheckpointPages;

    /// <summary>The log is cut back to this size when a reader let it grow beyond.</summary>
    private const int MaxIdleLogBytes = 64 << 20;

    private const string Settings = """
        PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA secure_delete = ON;
        PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        """;

    private readonly RawConnection _connection;
    private readonly LogCheckpointer _checkpointer;
    private readonly JournalTransaction _transaction;
    private readonly WriteLock _lock;
    private int _pages;
    private bool _mustTruncate;

    private JournalSession(RawConnection connection, LogCheckpointer checkpointer)
    {
        _connection = connection;
        _checkpointer = checkpointer;
        _transaction = new JournalTransaction(connection);
        _lock = new WriteLock(connection);
    }

    public static JournalSession Open(string file, bool isFirst)
    {
        RawConnection? connection = null;
        try
        {
            if (isFirst)
                JournalFile.EnsureExists(file);
            connection = RawConnection.Open(file, readOnly: false);
            connection.Execute("PRAGMA busy_timeout = 5000");
            JournalFormat.Require(connection, file);
            if (isFirst)
                JournalCheck.Verify(connection, file);
            connection.Execute($"{Settings} PRAGMA journal_size_limit = {MaxIdleLogBytes}");

            // What a killed process wrote into the log and did not sync is readable now: it must be durable before anyone acts on it.
            // After a failed commit the system may have dropped what it could not write, so that a sync would prove nothing: it is all copied.
            if (!connection.TryCheckpoint(isFirst ? raw.SQLITE_CHECKPOINT_PASSIVE : raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _) && !isFirst)
                throw new RawFailure(raw.SQLITE_BUSY, "the log cannot be emptied");
            connection.Execute("PRAGMA busy_timeout = 0");

            // Alone on the folder, this also removes what a killed process had erased and not yet cleared from the log.
            connection.TryCheckpoint(raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
            return new JournalSession(connection, new LogCheckpointer(file));
        }
        catch (RawFailure failure)
        {
            connection?.Dispose();
            throw StoreErrors.From(failure, file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AgentRuntimeException(ErrorCode.StorageExhausted,
                $"The run store {file} cannot be made: {failure.Message} Make room or give this user write access, then try again.",
                isTransient: true, failure);
        }
        catch (AgentRuntimeException)
        {
            connection?.Dispose();
            throw;
        }
    }

    public void Commit(List<WriteRequest> batch)
    {
        _lock.Begin();
        foreach (var request in batch)
            request.Apply(_transaction);
        _connection.Get("COMMIT").Run();
    }

    /// <summary>Gives up the open transaction. False when the connection cannot go on.</summary>
    public bool TryRollback()
    {
        _transaction.Forget();
        if (!_connection.InTransaction)
            return true;

        try
        {
            _connection.Execute("ROLLBACK");
            return true;
        }
        catch (RawFailure)
        {
            return false;
        }
    }

    /// <summary>To be called when the callers have their answers: what is done here costs the next batch, not them.</summary>
    public void AfterCommit(List<WriteRequest> batch)
    {
        try
        {
            _pages += _connection.TakePagesWritten();
            _mustTruncate |= batch.Exists(static request => request.Erases);
            KeepLogShort();
        }
        catch (RawFailure)
        {
            // The log still holds everything and is copied later; a full disk shows itself in the next append.
            _pages = 0;
        }

        _lock.LeaveGap();
    }

    private void KeepLogShort()
    {
        if (_mustTruncate)
        {
            _checkpointer.WaitUntilIdle();
            _mustTruncate = !TryEmptyLog(raw.SQLITE_CHECKPOINT_TRUNCATE, "PRAGMA busy_timeout = 1000");
            return;
        }

        if (_pages >= MaxLogPages)
            _checkpointer.WaitUntilIdle();
        if (_checkpointer.TakeDone())
        {
            // With the rest copied, the next commit begins the log anew, unless another process commits between.
            _connection.TryCheckpoint(raw.SQLITE_CHECKPOINT_PASSIVE, out var frames, out _);
            _pages = 0;
            if (frames > MaxLogPages)
                TryEmptyLog(raw.SQLITE_CHECKPOINT_RESTART, "PRAGMA busy_timeout = 100");
        }
        else if (_pages >= CheckpointPages)
            _checkpointer.Start();
    }

    /// <summary>Waits for the other processes' writers, and for readers, who may still need what is in the log.</summary>
    private bool TryEmptyLog(int mode, string patience)
    {
        _connection.Execute(patience);
        try
        {
            return _connection.TryCheckpoint(mode, out var frames, out var copied) && frames == copied;
        }
        finally
        {
            _connection.Execute("PRAGMA busy_timeout = 0");
        }
    }

    public void Dispose()
    {
        _checkpointer.Dispose();
        _connection.Dispose();
    }
}
