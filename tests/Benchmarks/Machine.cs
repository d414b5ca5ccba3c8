using System.Globalization;

namespace AgentRuntime.Benchmarks;

internal static class Machine
{
    /// <summary>What else ran: a figure from a busy machine says little.</summary>
    public static double? Load() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : null;
}
