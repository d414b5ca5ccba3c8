using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>
/// One tool and the immutable versions of its contract. Key: <see cref="ToolGrainKey"/>. A read stops when its caller cancels. A change that has not
/// begun to write by then never does; one that has is written whole, though nobody hears of it.
/// </summary>
[Alias("agentruntime.tool")]
public interface IToolGrain : IGrainWithStringKey
{
    /// <summary>
    /// Stores <paramref name="contract"/> as a draft. The same contract again returns the version that exists.
    /// </summary>
    /// <exception cref="AgentRuntimeException">InvalidArgument, naming the part of the contract; LimitExceeded at 1,000 versions.</exception>
    [Alias("register")]
    Task<ToolVersion> RegisterAsync(ToolContract contract, Principal by, CancellationToken cancellation = default);

    /// <summary>
    /// Publishes the version with <paramref name="contractHash"/>. The publisher is a tool reviewer and another person than the one who registered it;
    /// or the platform, for a function of the host's own program.
    /// </summary>
    /// <param name="contractHash">The version.</param>
    /// <param name="by">Who publishes it.</param>
    /// <param name="etag">The version's etag that the caller read; null publishes regardless. The same change again, while it stands, returns the version.</param>
    /// <param name="cancellation">Ends it until it begins to write.</param>
    /// <exception cref="AgentRuntimeException">NotFound, PermissionDenied naming the rule, or FailedPrecondition: the etag is another by now.</exception>
    [Alias("publish")]
    Task<ToolVersion> PublishAsync(string contractHash, Principal by, string? etag = null, CancellationToken cancellation = default);

    /// <summary>Blocks the tool: no call of any version is made, within 2 s on every silo.</summary>
    /// <param name="blocked">False ends a block.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="etag">The etag that the caller read of the version that <see cref="GetAsync"/> shows without a hash; null blocks regardless.</param>
    /// <param name="cancellation">Ends it until it begins to write.</param>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: the etag is another by now.</exception>
    [Alias("set-blocked")]
    Task<ToolVersion> SetBlockedAsync(bool blocked, string reason, Principal by, string? etag = null, CancellationToken cancellation = default);

    /// <summary>The version with <paramref name="contractHash"/>; empty means the published one, or the newest draft if none is. Null when there is none.</summary>
    [Alias("get")]
    Task<ToolVersion?> GetAsync(string contractHash, CancellationToken cancellation = default);
}
