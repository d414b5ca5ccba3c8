using System.Diagnostics;
using System.Globalization;

namespace AgentRuntime.Testing;

/// <summary>Processes by their number, as /proc of Linux has them.</summary>
internal static class Pid
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>kill -9.</summary>
    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Whether it runs; what only waits to be collected does not.</summary>
    public static bool Runs(int pid) => Stat(pid) is [not ("Z" or "X"), ..];

    /// <summary>The running children of a process with a word in their command line, in which NUL separates arguments.</summary>
    public static IReadOnlyList<int> Children(int parent, string word) => [.. Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
        .Where(pid => Runs(pid) && Stat(pid)[1] == parent.ToString(CultureInfo.InvariantCulture) && File.ReadAllText($"/proc/{pid}/cmdline").Contains(word, StringComparison.Ordinal))];

    /// <summary>Completes once it runs no more.</summary>
    public static Task GoneAsync(int pid) => UntilAsync(() => !Runs(pid), $"process {pid} is gone");

    /// <summary>Completes once a child of this process has ended and the runtime has taken note.</summary>
    public static Task CollectedAsync(int pid) => UntilAsync(() => !Directory.Exists($"/proc/{pid}"), $"process {pid} is collected");

    // State, parent and more: what follows the program's name, which may itself hold blanks and brackets.
    private static string[] Stat(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return ["X", "0"];
        }
    }

    private static async Task UntilAsync(Func<bool> holds, string wanted)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!holds())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Not in time: {wanted}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
