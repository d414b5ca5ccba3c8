using SQLitePCL;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// One SQLite connection below ADO.NET, used by one thread at a time: an ADO.NET command costs more than the row it inserts.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly sqlite3 _db;
    private readonly Dictionary<string, RawStatement> _statements = new(StringComparer.Ordinal);

    static RawConnection() => Batteries_V2.Init();

    private long? _format;

    private RawConnection(sqlite3 db) => _db = db;

    /// <summary>Whether the file says for each run how long it is kept: format 1 does not. Fixed while the file is open.</summary>
    public bool HasRetention => (_format ??= QueryNumber("PRAGMA user_version") ?? 0) >= JournalFormat.WithRetention;

    public bool InTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    /// <summary>Rows that the last statement wrote.</summary>
    public int Changes => raw.sqlite3_changes(_db);

    public long LastRowId => raw.sqlite3_last_insert_rowid(_db);

    public static RawConnection Open(string file, bool readOnly)
    {
        var flags = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE;
        var code = raw.sqlite3_open_v2(file, out var db, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            db?.Dispose();
            throw new RawFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
        }

        raw.sqlite3_extended_result_codes(db, 1);
        return new RawConnection(db);
    }

    /// <summary>Runs statements that give no rows, or whose rows do not matter.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_db, sql));

    /// <summary>A statement, compiled once per connection.</summary>
    public RawStatement Get(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement))
            return statement;

        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out var compiled));
        return _statements[sql] = new RawStatement(this, compiled);
    }

    /// <summary>The first column of the first row; null without a row.</summary>
    public long? QueryNumber(string sql)
    {
        using var statement = Get(sql).Begin();
        return statement.Step() ? statement.Number(0) : null;
    }

    /// <summary>The first column of the first row; null without a row.</summary>
    public string? QueryText(string sql)
    {
        using var statement = Get(sql).Begin();
        return statement.Step() ? statement.TextOrNull(0) : null;
    }

    /// <summary>Pages written to the log since the last call.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(_db, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1));
        return pages;
    }

    /// <summary>Copies the log into the main file. False while another connection does.</summary>
    /// <param name="mode">How: one of SQLite's four.</param>
    /// <param name="frames">Pages in the log.</param>
    /// <param name="copied">Those that are in the main file; fewer while a reader needs the older ones.</param>
    public bool TryCheckpoint(int mode, out int frames, out int copied)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_db, "main", mode, out frames, out copied);
        if ((code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
            return false;

        Check(code);
        return true;
    }

    public void Interrupt() => raw.sqlite3_interrupt(_db);

    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
            return;

        var extended = raw.sqlite3_extended_errcode(_db);
        throw new RawFailure((extended & 0xff) == (code & 0xff) ? extended : code, raw.sqlite3_errmsg(_db).utf8_to_string());
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Close();
        _statements.Clear();
        _db.Dispose();
    }
}
