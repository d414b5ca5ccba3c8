using AgentRuntime.Common;

namespace AgentRuntime.Embedded;

/// <summary>Folders of the embedded stores: they hold what tenants trust us with, so that only their owner may look in.</summary>
internal static class OwnerOnlyFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder when it is not there.</summary>
    /// <returns>Its full path.</returns>
    public static string Ensure(string folder)
    {
        try
        {
            var path = Path.GetFullPath(folder);
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, OwnerOnly);
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new AgentRuntimeException(ErrorCode.StorageExhausted,
                $"The data folder {folder} cannot be made: {failure.Message} Choose another folder or give this user write access.",
                inner: failure);
        }
    }
}
