using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>
/// Where a silo can reach only what it serves: its front door takes calls for those tenants alone, for lists, watches and exports are read where a call comes in.
/// </summary>
internal sealed class SegmentAdmission(TenancyPlan plan) : ITenantAdmission
{
    // Grains of a tenant are active only where it is served.
    public Task AdmitAsync(TenantId tenant) => Task.CompletedTask;

    /// <exception cref="AgentRuntimeException">FailedPrecondition: other silos serve the tenant.</exception>
    public void Require(TenantId tenant)
    {
        var segment = plan.SegmentOf(tenant);
        if (plan.ServesHere(segment)) return;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            segment is null
                ? $"tenant {tenant}: this silo serves segments of other tenants. Call one that was started without --serves (Silo:Serves)."
                : $"tenant {tenant}: this silo does not serve its segment. Call one that was started with --serves {tenant} (Silo:Serves).");
    }
}
