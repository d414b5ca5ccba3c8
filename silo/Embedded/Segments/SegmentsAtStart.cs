using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Tenants;

namespace AgentRuntime.Embedded.Segments;

/// <summary>
/// Before anything runs: a tenant that lies in the shared files is refused as a segment, because its runs would vanish from sight. Then what
/// this silo serves is opened, so that a file that cannot be used is told in one line.
/// </summary>
internal sealed class SegmentsAtStart(
    TenancyPlan plan, DataFolder folder, PlacedStores stores, PlacedGrainStorage states, TenantGrains grains) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in plan.Segments) await RequireNotSharedAsync(tenant, cancellationToken);
        _ = stores.Served.Count();
        states.OpenServed();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RequireNotSharedAsync(TenantId tenant, CancellationToken cancellation)
    {
        var runs = await stores.Shared.Catalog.CountAsync(tenant, cancellation);
        if (runs.Count == 0 && !await states.Shared.HasAnyAsync(grains.Types.Select(type => $"{type}/{tenant}"))) return;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"Tenancy:Segments names {tenant}, but that tenant lies in the files that tenants share in '{folder.Path}'. "
            + "Take it out of Tenancy:Segments, or give the segment another tenant id.");
    }
}
