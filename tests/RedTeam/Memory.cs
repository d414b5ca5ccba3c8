using System.Diagnostics;

namespace AgentRuntime.RedTeam;

internal static class Memory
{
    private const double Megabyte = 1024 * 1024;
    private const int MaxLooks = 45;
    private static readonly TimeSpan TimeBetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>All that was ever allocated, collected or not.</summary>
    public static double AllocatedMegabytes() => GC.GetTotalAllocatedBytes(precise: true) / Megabyte;

    /// <summary>The most that the process ever had of the machine's memory.</summary>
    public static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Round(process.PeakWorkingSet64 / Megabyte, 1);
    }

    /// <summary>
    /// What the process holds on to when it has had the time to give back: the server's pools keep buffers for some ten seconds after they were last needed.
    /// </summary>
    /// <param name="enough">As little as this is not waited for any longer.</param>
    public static async Task<double> SettledMegabytesAsync(double enough)
    {
        var held = HeldMegabytes();
        for (var i = 0; i < MaxLooks && held > enough; i++)
        {
            await Task.Delay(TimeBetweenLooks);
            held = HeldMegabytes();
        }

        return held;
    }

    /// <summary>What the process holds on to, once all that nobody holds has been collected.</summary>
    public static double HeldMegabytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return Math.Round(GC.GetTotalMemory(forceFullCollection: true) / Megabyte, 1);
    }
}
