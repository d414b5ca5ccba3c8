using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>
/// One tenant: its limits and whether it may work. Key: <see cref="TenantGrainKey"/>. A change whose caller cancels before it begins to write never
/// does; one that has begun is written whole, though nobody hears of it.
/// </summary>
[Alias("agentruntime.tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Creates the tenant; the same settings again change nothing.</summary>
    /// <exception cref="AgentRuntimeException">
    /// AlreadyExists: it exists with other settings. FailedPrecondition: the cluster serves one tenant, which the message names.
    /// </exception>
    [Alias("create")]
    Task<TenantView> CreateAsync(TenantSettings settings, CancellationToken cancellation = default);

    /// <summary>The tenant, or null when it was never created.</summary>
    [Alias("get")]
    Task<TenantView?> GetAsync(CancellationToken cancellation = default);

    /// <summary>Replaces the settings.</summary>
    /// <param name="settings">The new settings.</param>
    /// <param name="etag">The etag that the caller read; null writes regardless.</param>
    /// <param name="cancellation">Ends it until it begins to write.</param>
    /// <exception cref="AgentRuntimeException">NotFound, or FailedPrecondition when the etag is stale.</exception>
    [Alias("update")]
    Task<TenantView> UpdateAsync(TenantSettings settings, string? etag, CancellationToken cancellation = default);

    /// <summary>Suspends or releases the tenant. While suspended no run starts and no step is taken, within 2 s on every silo.</summary>
    /// <param name="suspended">Whether it is suspended from now on.</param>
    /// <param name="reason">Why.</param>
    /// <param name="etag">The etag that the caller read; null writes regardless.</param>
    /// <param name="cancellation">Ends it until it begins to write.</param>
    /// <exception cref="AgentRuntimeException">NotFound, or FailedPrecondition when the etag is stale.</exception>
    [Alias("set-suspended")]
    Task<TenantView> SetSuspendedAsync(bool suspended, string reason, string? etag, CancellationToken cancellation = default);
}
