namespace AgentRuntime.Benchmarks.Scale;

/// <summary>A cluster's figures.</summary>
internal sealed record ScaleFigures(
    int Silos, string Store, int Concurrency, double RunsPerS, double CpuMsPerRun, double RemoteShare, double RemoteCallsPerRun, double LocalCallsPerRun,
    long StartedLeast, long StartedMost, long EndedLeast, long EndedMost, long Unfinished, int Processors, double? Load)
{
    public static ScaleFigures Of(string store, SiloPlan plan, IReadOnlyList<SiloShare> shares)
    {
        double ended = shares.Sum(share => share.Ended);
        double remote = shares.Sum(share => share.Remote);
        double local = shares.Sum(share => share.Local);
        return new ScaleFigures(
            shares.Count,
            store,
            plan.InFlight * shares.Count,
            Math.Round(shares.Sum(share => share.Ended / share.Seconds), 1),
            Math.Round(shares.Sum(share => share.CpuMs) / ended, 3),
            Math.Round(remote / (remote + local), 3),
            Math.Round(remote / ended, 2),
            Math.Round(local / ended, 2),
            shares.Min(share => share.Started),
            shares.Max(share => share.Started),
            shares.Min(share => share.Ended),
            shares.Max(share => share.Ended),
            shares.Sum(share => share.Open),
            Environment.ProcessorCount,
            Machine.Load());
    }
}
