using AgentRuntime.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentRuntime.Embedded.Sqlite;

/// <summary>Says what a failure of SQLite means to us.</summary>
internal static class SqliteFailure
{
    public static AgentRuntimeException ToRuntime(SqliteException failure, string path) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new(ErrorCode.StorageCorrupted, Damaged(path), inner: failure),
        raw.SQLITE_FULL => new(
            ErrorCode.StorageExhausted, $"There is no room for database '{path}'. Free space on its disk.", isTransient: true, failure),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(
            ErrorCode.Unavailable, $"Database '{path}' is held by another process that does not go on.", isTransient: true, failure),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => new(
            ErrorCode.StorageExhausted, $"Database '{path}' cannot be opened for writing. Make the file and its folder writable for this user.", inner: failure),
        _ => new(ErrorCode.Unavailable, $"Database '{path}' failed ({failure.Message}).", isTransient: true, failure),
    };

    public static string Damaged(string path) =>
        $"Database '{path}' is damaged. Stop all silos of this data folder, then restore the file from a backup.";
}
