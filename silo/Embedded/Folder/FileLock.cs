namespace AgentRuntime.Embedded.Folder;

/// <summary>
/// A lock that the operating system drops when its process ends, also by kill -9. A stopped process (SIGSTOP) keeps it.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null when somebody holds it.</summary>
    /// <exception cref="IOException">The file cannot be made or locked.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be made.</exception>
    public static FileLock? TryTake(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DurableFile.OwnerOnly;
        }

        try
        {
            return new FileLock(new FileStream(path, options));
        }
        catch (IOException failure) when (IsHeldElsewhere(failure))
        {
            return null;
        }
    }

    /// <summary>Takes the lock within <paramref name="patience"/>, or returns null.</summary>
    public static async Task<FileLock?> TakeAsync(string path, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (time.GetElapsedTime(start) >= patience)
            {
                return null;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellation);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Whether a file could not be opened because somebody has it locked: EAGAIN on Linux and macOS, a sharing violation on Windows.</summary>
    public static bool IsHeldElsewhere(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);
}
