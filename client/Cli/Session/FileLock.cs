namespace AgentRuntime.Cli.Session;

/// <summary>A lock between processes: a file that one of them has open. The system frees it when its holder dies; the file itself stays.</summary>
internal static class FileLock
{
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35; // macOS too.
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for the lock. Disposing of what is returned frees it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CliException">It is held for longer.</exception>
    /// <exception cref="IOException">There can be no such file.</exception>
    public static async Task<IDisposable> TakeAsync(string path, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var begin = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException held) when (IsHeld(held) && time.GetElapsedTime(begin) >= patience)
            {
                throw new CliException(ExitCode.Conflict, $"{path}: cannot be locked for {patience.TotalSeconds:0} s ({held.Message}); end the agentctl that holds it, or try again.");
            }
            catch (IOException fault) when (IsHeld(fault))
            {
                await Task.Delay(Pace, time, cancellation);
            }
        }
    }

    // .NET gives the system's own code. A full or read-only disk does not get better by waiting.
    private static bool IsHeld(IOException fault) =>
        fault.HResult == (OperatingSystem.IsWindows() ? WindowsSharingViolation : OperatingSystem.IsLinux() ? LinuxWouldBlock : BsdWouldBlock);
}
