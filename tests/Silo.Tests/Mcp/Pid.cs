using System.Diagnostics;
using System.Globalization;
using AgentRuntime.Silo.Tests.Runs;

namespace AgentRuntime.Silo.Tests.Mcp;

/// <summary>Processes by their number.</summary>
internal static class Pid
{
    /// <summary>kill -9.</summary>
    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Whether it runs; what only waits to be collected does not.</summary>
    public static bool Runs(int pid)
    {
        var status = $"/proc/{pid}/stat";
        try
        {
            return File.Exists(status) && File.ReadAllText(status).Split(')')[^1].TrimStart()[0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The running children of this process with a word in their command line.</summary>
    public static IReadOnlyList<int> Children(string word) => [.. Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
        .Where(pid => Runs(pid) && Parent(pid) == Environment.ProcessId && File.ReadAllText($"/proc/{pid}/cmdline").Contains(word, StringComparison.Ordinal))];

    /// <summary>Completes once a child of this process has ended and the runtime has taken note.</summary>
    public static Task CollectedAsync(int pid) => Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists($"/proc/{pid}")), $"process {pid} is collected");

    public static Task GoneAsync(int pid) => Eventually.TrueAsync(() => Task.FromResult(!Runs(pid)), $"process {pid} is gone");

    private static int Parent(int pid)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
