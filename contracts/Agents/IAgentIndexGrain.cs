using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>
/// The agents of one tenant, for lists. Touched only when an agent is applied or deleted, never by a run. Key:
/// <see cref="AgentIndexGrainKey"/>.
/// </summary>
[Alias("agentruntime.agent.index")]
public interface IAgentIndexGrain : IGrainWithStringKey
{
    /// <summary>
    /// Names an agent; naming it again changes nothing. Called before the agent is stored, so that no agent that exists is missing: a name
    /// in the list may belong to an agent that was never stored.
    /// </summary>
    /// <exception cref="AgentRuntimeException">LimitExceeded at 10,000 agents.</exception>
    [Alias("add")]
    Task AddAsync(AgentId agent);

    /// <summary>Takes an agent off the list, after it is deleted.</summary>
    [Alias("remove")]
    Task RemoveAsync(AgentId agent);

    /// <summary>At most <paramref name="limit"/> (1 to 1,000) agents in ordinal order after <paramref name="after"/>; null begins.</summary>
    [Alias("list")]
    Task<IReadOnlyList<AgentId>> ListAsync(string? after, int limit, CancellationToken cancellation = default);
}
