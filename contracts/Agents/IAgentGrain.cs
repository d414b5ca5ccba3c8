using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>One agent and its immutable versions. Key: <see cref="AgentGrainKey"/>.</summary>
[Alias("agentruntime.agent")]
public interface IAgentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Stores <paramref name="definition"/> as the newest version unless it equals the newest. Tools without a contract hash are pinned to
    /// the published contract; a tool or model that is unknown or not cleared is refused by name.
    /// </summary>
    /// <exception cref="AgentRuntimeException">PolicyDenied or NotFound, naming agent, class and tool or model; LimitExceeded at 1,000 versions.</exception>
    [Alias("apply")]
    Task<AgentVersion> ApplyAsync(AgentDefinition definition, Principal by);

    /// <summary>One version; 0 is the newest. Null when there is none.</summary>
    [Alias("get")]
    Task<AgentVersion?> GetAsync(int version);

    /// <summary>Hides the agent: no new run starts. Versions stay, because runs refer to them.</summary>
    [Alias("delete")]
    Task<bool> DeleteAsync(Principal by);
}
