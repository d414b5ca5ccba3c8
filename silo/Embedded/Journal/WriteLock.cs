using System.Diagnostics;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// Takes the file's write lock in turns with the other silo processes on the folder. SQLite's own waiting backs off up to 100 ms and
/// starves whoever waits while another commits without pause; so the waiting one polls, and the committing one leaves a gap.
/// </summary>
internal sealed partial class WriteLock(RawConnection connection)
{
    /// <summary>How often a waiting process asks, in microseconds.</summary>
    private const uint PollMicroseconds = 50;

    /// <summary>How long a process that shares the file stays away after a commit, in microseconds: several polls long.</summary>
    private const uint GapMicroseconds = 300;

    /// <summary>How long a commit of another process counts as sharing.</summary>
    private static readonly TimeSpan SharedFor = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait; a process that holds the lock for longer is stopped or lost in its disk.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private long _version = -1;
    private long _sharedUntil;

    public void Begin()
    {
        var begin = connection.Get("BEGIN IMMEDIATE");
        var since = Stopwatch.GetTimestamp();
        while (!begin.TryRun())
        {
            if (Stopwatch.GetElapsedTime(since) > MaxWait)
                throw new RawFailure(raw.SQLITE_BUSY, "another process has the write lock");

            MarkShared();
            Pause(PollMicroseconds);
        }

        Look();
    }

    /// <summary>Lets the other processes in, if there are any.</summary>
    public void LeaveGap()
    {
        if (Stopwatch.GetTimestamp() < _sharedUntil)
            Pause(GapMicroseconds);
    }

    /// <summary>SQLite counts the commits of other connections; within this process nobody else writes.</summary>
    private void Look()
    {
        using var statement = connection.Get("PRAGMA data_version");
        var version = statement.Step() ? statement.Number(0) : _version;
        if (_version >= 0 && version != _version)
            MarkShared();
        _version = version;
    }

    private void MarkShared() => _sharedUntil = Stopwatch.GetTimestamp() + (long)(SharedFor.TotalSeconds * Stopwatch.Frequency);

    private static void Pause(uint microseconds)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = NativeSleep(microseconds);
            return;
        }

        var since = Stopwatch.GetTimestamp();
        var spinner = new SpinWait();
        while (Stopwatch.GetElapsedTime(since).TotalMicroseconds < microseconds)
            spinner.SpinOnce(sleep1Threshold: -1);
    }

    // .NET sleeps in whole milliseconds only.
    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int NativeSleep(uint microseconds);
}
