using AgentRuntime.Runs.Sessions;
using Orleans.Concurrency;

namespace AgentRuntime.Runs;

/// <summary>What is said in a run: another face of the same grain as <see cref="IAgentRunGrain"/>, with the same key.</summary>
[Alias("agentruntime.run.spoken")]
public interface ISpokenRunGrain : IGrainWithStringKey
{
    /// <summary>How long an observer hears a run before it has to ask again.</summary>
    static readonly TimeSpan FollowLease = TimeSpan.FromSeconds(10);

    /// <summary>What was said up to and with this run, or null when it does not exist.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<SpokenSoFar?> GetSpokenAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Lets <paramref name="observer"/> hear what the model says, from the beginning of the reply that is under way, for
    /// <see cref="FollowLease"/>. False when the run is not being driven here now.
    /// </summary>
    [AlwaysInterleave, Alias("follow")]
    Task<bool> FollowAsync(IRunDeltaObserver observer);
}
