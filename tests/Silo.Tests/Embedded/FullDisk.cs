using System.Diagnostics;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded;

/// <summary>A small disk of its own, to be filled to the last byte. Needs the right to mount.</summary>
internal sealed class FullDisk : IDisposable
{
    private readonly ScratchFolder _folder = ScratchFolder.Make();

    private FullDisk()
    {
    }

    public string Path => _folder.Path;

    private string Ballast => _folder.At("ballast");

    /// <summary>Mounts it, or skips the test and says why.</summary>
    public static FullDisk Mount(int megabytes)
    {
        var disk = new FullDisk();
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path))
            return disk;

        disk._folder.Dispose();
        Assert.Skip("This user cannot mount a small disk to fill.");
        return disk;
    }

    /// <summary>Takes all room.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = 1 << 20; block > 0; block /= 2)
        {
            try
            {
                while (true)
                    file.Write(new byte[block]);
            }
            catch (IOException)
            {
                // Smaller blocks may still fit.
            }
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
