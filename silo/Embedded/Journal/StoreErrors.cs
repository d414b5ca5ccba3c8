using AgentRuntime.Common;
using SQLitePCL;

namespace AgentRuntime.Embedded.Journal;

/// <summary>What a caller can do about a failure of the store, in one place.</summary>
internal static class StoreErrors
{
    public static AgentRuntimeException From(RawFailure failure, string file) => failure.Primary switch
    {
        raw.SQLITE_FULL => new(ErrorCode.StorageExhausted,
            $"The run store {file} has no room on its disk. Nothing was written; make room and try again.", isTransient: true, failure),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new(ErrorCode.StorageExhausted,
            $"The run store {file} cannot be written: give this user write access to the file and its folder.", isTransient: true, failure),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Corrupted(file, failure.Message, failure),
        raw.SQLITE_TOOBIG => new(ErrorCode.LimitExceeded,
            $"A record is larger than the run store {file} can hold; put its payload into the artifact store.", inner: failure),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(ErrorCode.Unavailable,
            $"The run store {file} is held by another process for too long. Nothing was written; try again.", isTransient: true, failure),
        raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM or raw.SQLITE_PROTOCOL => new(ErrorCode.Unavailable,
            $"The run store {file} cannot be read or written for now: {failure.Message} ({failure.Code}). Check the disk and the folder's rights, then try again.",
            isTransient: true, failure),
        _ => new(ErrorCode.Internal, $"The run store {file} failed: {failure.Message} ({failure.Code}).", inner: failure),
    };

    public static AgentRuntimeException Corrupted(string file, string what, Exception? inner = null) => new(ErrorCode.StorageCorrupted,
        $"The run store {file} is damaged: {what}. Stop every silo that uses it and restore the data folder from a backup; "
        + "do not delete single files of it.", inner: inner);

    public static AgentRuntimeException Closed(string file) => new(ErrorCode.Unavailable,
        $"The run store {file} is closed because the silo stops. Nothing was written; try again at another silo.", isTransient: true);
}
