using AgentRuntime.Events;

namespace AgentRuntime.Slo;

/// <summary>
/// What happened in a tenant's runs, counted by minute, each record once. Minutes older than <see cref="KeptMinutes"/> are forgotten; so are the oldest
/// ones of a tenant with more runs in them than are remembered. What it says is durable. Key: <see cref="SloGrainKey"/>.
/// </summary>
[Alias("agentruntime.slo")]
public interface ISloGrain : IRunEventLog
{
    /// <summary>How many minutes are kept.</summary>
    const int KeptMinutes = 60;

    /// <summary>The counts of all minutes that are kept and in which there was something, the oldest first.</summary>
    [Alias("minutes")]
    Task<IReadOnlyList<MinuteCounts>> GetMinutesAsync();
}
