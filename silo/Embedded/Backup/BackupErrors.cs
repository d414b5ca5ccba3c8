using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Journal;
using SQLitePCL;

namespace AgentRuntime.Embedded.Backup;

/// <summary>What a caller can do about a place where a backup or a restored folder cannot be made. What it is made of is not to blame.</summary>
internal static class BackupErrors
{
    /// <summary>Whether SQLite could not write a copy, as opposed to reading what it copies.</summary>
    public static bool IsOfTarget(RawFailure failure) =>
        failure.Primary is raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY || failure.Code == raw.SQLITE_IOERR_WRITE;

    public static AgentRuntimeException From(Exception failure, string target) => failure switch
    {
        _ when ArtifactErrors.IsNoRoom(failure) || failure is RawFailure { Primary: raw.SQLITE_FULL } => new(ErrorCode.StorageExhausted,
            $"'{target}' has no room on its disk. Nothing was left there; make room, or name another path.", isTransient: true, failure),
        UnauthorizedAccessException or RawFailure => new(ErrorCode.StorageExhausted,
            $"'{target}' cannot be written: {failure.Message} Give this user write access, or name another path.", isTransient: true, failure),
        _ => new(ErrorCode.Unavailable,
            $"'{target}' cannot be written for now, or what it is made of not be read: {failure.Message} Check the disks, then try again.", isTransient: true, failure),
    };
}
