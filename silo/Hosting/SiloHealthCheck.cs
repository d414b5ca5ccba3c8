using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentRuntime.Hosting;

/// <summary>Healthy while the cluster counts this silo as active: before and after that it takes no work.</summary>
internal sealed class SiloHealthCheck(IClusterMembershipService membership, ILocalSiloDetails self) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = membership.CurrentSnapshot.GetSiloStatus(self.SiloAddress);
        return Task.FromResult(status == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The cluster counts this silo as {status}."));
    }
}
