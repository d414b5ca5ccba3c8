using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>
/// The tenants as this silo knows them, at most 1.8 s old, so that a suspension reaches every silo within 2 s. Fails closed: a tenant
/// that cannot be looked up is no tenant that may work.
/// </summary>
internal sealed class TenantDirectory(IGrainFactory grains, TimeProvider clock)
{
    public const int MaxTenants = 10_000;

    private readonly Refreshed<TenantId, TenantView> _tenants =
        new(tenant => grains.GetGrain<ITenantGrain>(TenantGrainKey.For(tenant)).GetAsync(), clock, MaxTenants);

    /// <summary>The tenant, or null when it does not exist. Allocates nothing while the copy is fresh.</summary>
    public ValueTask<TenantView?> GetAsync(TenantId tenant, CancellationToken cancellation = default) => _tenants.GetAsync(tenant, cancellation);

    /// <summary>The tenant, which exists and is not suspended.</summary>
    /// <exception cref="AgentRuntimeException">NotFound, or FailedPrecondition with the reason of the suspension.</exception>
    public async ValueTask<TenantView> RequireActiveAsync(TenantId tenant, CancellationToken cancellation = default)
    {
        var view = await GetAsync(tenant, cancellation)
            ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"tenant {tenant}: does not exist. Create it first.");
        return view.SuspendedReason is { } reason
            ? throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"tenant {tenant}: is suspended ({reason}). Release it first.")
            : view;
    }
}
