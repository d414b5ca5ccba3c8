using System.Diagnostics;

namespace AgentRuntime.RedTeam;

internal static class Memory
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>All that was ever allocated, collected or not.</summary>
    public static double AllocatedMegabytes() => GC.GetTotalAllocatedBytes(precise: true) / Megabyte;

    /// <summary>The most that the process ever had of the machine's memory.</summary>
    public static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Round(process.PeakWorkingSet64 / Megabyte, 1);
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
