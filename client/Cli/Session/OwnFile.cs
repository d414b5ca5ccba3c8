using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentRuntime.Cli.Session;

/// <summary>Tells whether a file or folder can be believed: it belongs to this user, and nobody else may write to it.</summary>
internal static partial class OwnFile
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OpenToOthers = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // From linux/stat.h: the same on all architectures, unlike that of stat.
    private const int CurrentFolder = -100;
    private const uint OwnerMask = 0x8;
    private const int StatusBytes = 256;
    private const int OwnerAt = 20;

    /// <summary>The user of this process.</summary>
    public static uint User => OperatingSystem.IsLinux() ? EffectiveUser() : 0;

    /// <summary>Whether a folder, and on Linux its owner, is <paramref name="user"/>'s alone to write to.</summary>
    public static bool IsOf(uint user, string path) => IsOwnedBy(user, path) && Mode(path) is { } mode && (mode & WritableByOthers) == 0;

    /// <summary>The same for what lies in a folder of the user's, where others may not get at all.</summary>
    public static bool IsOf(uint user, string path, string within) => IsOwnedBy(user, path) && Mode(path) is { } mode
        && ((mode & WritableByOthers) == 0 || (Mode(within) & OpenToOthers) == 0);

    private static UnixFileMode? Mode(string path)
    {
        if (OperatingSystem.IsWindows()) return UnixFileMode.None;
        try
        {
            return File.GetUnixFileMode(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsOwnedBy(uint user, string path)
    {
        if (!OperatingSystem.IsLinux()) return true;
        var status = new byte[StatusBytes];
        return Status(CurrentFolder, Encoding.UTF8.GetBytes($"{path}\0"), 0, OwnerMask, status) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(OwnerAt)) == user;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, byte[] path, int flags, uint mask, [Out] byte[] status);
}
