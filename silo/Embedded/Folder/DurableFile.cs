using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AgentRuntime.Embedded.Folder;

/// <summary>Writes small files so that after a power loss they are there whole or not at all.</summary>
internal static partial class DurableFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // EEXIST, the same on Linux and macOS.
    private const int AlreadyExists = 17;

    /// <summary>Writes a file that must not exist yet. False when it does: it is never overwritten.</summary>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content) => Write(path, content, overwrite: false);

    /// <summary>Replaces a file, or creates it.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content) => Write(path, content, overwrite: true);

    /// <summary>Makes the names within a folder durable. Windows does so by itself.</summary>
    /// <exception cref="IOException">The folder could not be synced.</exception>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = OpenReadOnly(path);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Gives a finished file its name. False when the name is taken: of many that try at once, one succeeds. The draft is gone either way.</summary>
    public static bool TryPublish(string draft, string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                File.Move(draft, path, overwrite: false);
                return true;
            }

            // File.Move looks first and then renames, so that two that look at once replace each other's file.
            if (Link(draft, path) == 0)
                return true;
            if (Marshal.GetLastPInvokeError() == AlreadyExists)
                return false;
            throw new IOException($"Cannot make '{path}': {Marshal.GetLastPInvokeErrorMessage()}.", Marshal.GetLastPInvokeError());
        }
        catch (IOException) when (OperatingSystem.IsWindows() && File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static bool Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, OwnerOnlyOptions()))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            if (overwrite)
                File.Move(temporary, path, overwrite: true);
            else if (!TryPublish(temporary, path))
                return false;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        SyncFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    private static FileStreamOptions OwnerOnlyOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    private static SafeFileHandle OpenReadOnly(string path)
    {
        // .NET refuses to open a folder, and only an open folder can be synced.
        var descriptor = Open(path, 0);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException($"Cannot open folder '{path}' (errno {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
