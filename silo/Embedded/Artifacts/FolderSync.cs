using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AgentRuntime.Embedded.Artifacts;

/// <summary>
/// Makes folder entries durable. On Linux and macOS a new name survives power loss only once its folder is synced; Windows has no
/// such call, NTFS journals names itself.
/// </summary>
internal sealed class FolderSync(string root)
{
    private const int MaxKnown = 65_536;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Folders whose own entry is durable. That a folder exists does not say so: another thread may have just made it.
    private readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);

    /// <summary>Makes <paramref name="folder"/> and what is missing above it; all of it is durable on return.</summary>
    public void Create(string folder)
    {
        if (folder.Length < root.Length || _durable.ContainsKey(folder))
            return;

        var parent = Path.GetDirectoryName(folder)!;
        Create(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
        Sync(parent);

        if (_durable.Count >= MaxKnown)
            _durable.Clear();
        _durable[folder] = true;
    }

    /// <exception cref="IOException">The folder cannot be synced.</exception>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        // .NET refuses to open a folder as a file.
        using var handle = NativeOpen(folder, flags: 0);
        if (handle.IsInvalid || NativeSync(handle) != 0)
            throw new IOException($"The folder {folder} cannot be synced: {Marshal.GetLastPInvokeErrorMessage()}.", Marshal.GetLastPInvokeError());
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle NativeOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeSync(SafeFileHandle handle);
}
