using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Artifacts;

/// <summary>What a caller can do about a failure of the artifact folder.</summary>
internal static class ArtifactErrors
{
    // errno on Linux and macOS: EFBIG, ENOSPC, EROFS, EDQUOT (Linux, macOS). Win32: disk full.
    private static readonly int[] NoRoom = [27, 28, 30, 69, 122, unchecked((int)0x80070070)];

    /// <summary>Whether a disk is full, or may not be written to.</summary>
    public static bool IsNoRoom(Exception failure) => failure is IOException && NoRoom.Contains(failure.HResult);

    public static AgentRuntimeException From(Exception failure, string root) => failure switch
    {
        IOException when IsNoRoom(failure) => new(ErrorCode.StorageExhausted,
            $"The artifact store {root} has no room on its disk. Nothing was stored; make room and try again.", isTransient: true, failure),
        UnauthorizedAccessException => new(ErrorCode.StorageExhausted,
            $"The artifact store {root} cannot be written: give this user write access to the folder.", isTransient: true, failure),
        _ => new(ErrorCode.Unavailable,
            $"The artifact store {root} cannot be read or written for now. Check the disk, then try again.", isTransient: true, failure),
    };
}
