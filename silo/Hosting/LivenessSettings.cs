using Orleans.Configuration;

namespace AgentRuntime.Hosting;

/// <summary>
/// How soon a dead silo is known to be dead. One host has no network that splits, so these are short: a kill -9 is declared in about 3 s,
/// which leaves the runs of the dead silo most of their 10 s to resume.
/// </summary>
internal static class LivenessSettings
{
    public const int MissedProbes = 2;
    public const int MissedHeartbeats = 3;
    public static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(2);

    public static void Apply(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = Probe;
        options.MinProbeTimeout = Probe;
        options.MaxProbeTimeout = Probe * 2;
        options.NumMissedProbesLimit = MissedProbes;
        options.IAmAliveTablePublishTimeout = Heartbeat;
        options.NumMissedTableIAmAliveLimit = MissedHeartbeats;
        options.TableRefreshTimeout = TableRefresh;

        // Two voices where three or more silos live; Orleans asks for only one where fewer do, so a lone survivor can declare the others dead.
        options.NumVotesForDeathDeclaration = 2;
        options.MaxJoinAttemptTime = TimeSpan.FromSeconds(30);
    }
}
