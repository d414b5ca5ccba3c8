namespace AgentRuntime.Benchmarks.Scale;

/// <summary>What one silo did in the time that was measured.</summary>
/// <param name="Seconds">That time.</param>
/// <param name="Started">Runs that it started, wherever they were placed.</param>
/// <param name="Ended">Runs that ended on it.</param>
/// <param name="CpuMs">Processor time of the process.</param>
/// <param name="Local">Calls that stayed in it.</param>
/// <param name="Remote">Calls that it sent to other silos, those of Orleans' directory and membership among them.</param>
/// <param name="Open">Runs that it started less those that ended on it, from first to last; over all silos those that never ended.</param>
internal sealed record SiloShare(double Seconds, long Started, long Ended, double CpuMs, long Local, long Remote, long Open)
{
    public static SiloShare operator -(SiloShare later, SiloShare earlier) => new(
        later.Seconds - earlier.Seconds, later.Started - earlier.Started, later.Ended - earlier.Ended, later.CpuMs - earlier.CpuMs, later.Local - earlier.Local, later.Remote - earlier.Remote, later.Open);
}
