using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>
/// One agent and its immutable versions. Key: <see cref="AgentGrainKey"/>. A read stops when its caller cancels. A change that has not begun to
/// write by then never does; one that has is written whole, though nobody hears of it.
/// </summary>
[Alias("agentruntime.agent")]
public interface IAgentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Stores <paramref name="definition"/> as the newest version unless it equals the newest. Tools without a contract hash are pinned to
    /// the published contract; a tool or model that is unknown or not cleared is refused by name.
    /// </summary>
    /// <param name="definition">The definition.</param>
    /// <param name="by">Who applies it.</param>
    /// <param name="etag">The etag that the caller read; null applies regardless. The same change again, while it is the newest, returns its version.</param>
    /// <param name="cancellation">Ends it until it begins to write.</param>
    /// <exception cref="AgentRuntimeException">
    /// PolicyDenied or NotFound, naming agent, class and tool or model; LimitExceeded at 1,000 versions; FailedPrecondition: the etag is another by now.
    /// </exception>
    [Alias("apply")]
    Task<AgentVersion> ApplyAsync(AgentDefinition definition, Principal by, string? etag = null, CancellationToken cancellation = default);

    /// <summary>One version; 0 is the newest. Null when there is none.</summary>
    [Alias("get")]
    Task<AgentVersion?> GetAsync(int version, CancellationToken cancellation = default);

    /// <summary>Hides the agent: no new run starts. Versions stay, because runs refer to them.</summary>
    /// <param name="by">Who deletes it.</param>
    /// <param name="etag">The etag that the caller read; null deletes regardless.</param>
    /// <param name="cancellation">Ends it until it begins to write.</param>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: the etag is another by now.</exception>
    [Alias("delete")]
    Task<bool> DeleteAsync(Principal by, string? etag = null, CancellationToken cancellation = default);
}
