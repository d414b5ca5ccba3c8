using SQLitePCL;

namespace AgentRuntime.Embedded.Journal;

/// <summary>SQLite's own word on what failed. It never leaves the store: <see cref="StoreErrors"/> turns it into what a caller can act on.</summary>
internal sealed class RawFailure(int code, string message) : Exception(message)
{
    /// <summary>The extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>The primary result code.</summary>
    public int Primary => Code & 0xff;

    /// <summary>Another connection has the lock.</summary>
    public bool IsBusy => Primary is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    /// <summary>The statement was broken off.</summary>
    public bool IsInterrupt => Primary == raw.SQLITE_INTERRUPT;

    /// <summary>The connection is not to be trusted any more: what it holds in memory may not be what is in the file.</summary>
    public bool SpoilsConnection => Primary is raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_CANTOPEN
        or raw.SQLITE_PROTOCOL or raw.SQLITE_NOMEM or raw.SQLITE_READONLY;
}
