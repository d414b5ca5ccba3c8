using System.Runtime.InteropServices;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

/// <summary>Exchanges the device under a file that this process has open, as a full or a broken disk would. Linux only.</summary>
internal sealed class FaultyFile : IDisposable
{
    private readonly List<(int Descriptor, int Saved)> _exchanged = [];

    /// <param name="path">The open file.</param>
    /// <param name="device">What its descriptors lead to instead: <c>/dev/full</c> has no room.</param>
    public FaultyFile(string path, string device)
    {
        foreach (var link in Directory.GetFiles("/proc/self/fd"))
        {
            if (TargetOf(link) != path)
                continue;

            var descriptor = int.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture);
            _exchanged.Add((descriptor, Duplicate(descriptor)));
            var faulty = Open(device, flags: 2);
            Assert.True(faulty >= 0 && DuplicateTo(faulty, descriptor) == descriptor);
            _ = Close(faulty);
        }

        Assert.NotEmpty(_exchanged);
    }

    public void Dispose()
    {
        foreach (var (descriptor, saved) in _exchanged)
        {
            Assert.Equal(descriptor, DuplicateTo(saved, descriptor));
            _ = Close(saved);
        }
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            // Another test has closed it in the meantime.
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor);

    [DllImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DuplicateTo(int from, int to);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
