using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace AgentRuntime.Tenants;

/// <summary>
/// Lets a grain of a tenant become active only on silos that serve the tenant. Where there is none the call fails, and the grain becomes
/// active nowhere.
/// </summary>
internal sealed class SegmentFilter(TenantGrains grains, TenantSilos tenants) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        if (grains.TenantOf(target.GrainIdentity) is not { } tenant) return silos;
        var serving = silos.Where(silo => tenants.Serves(silo, tenant)).ToArray();
        return serving.Length > 0 ? serving : throw tenants.NobodyServes(tenant);
    }
}

/// <summary>Names <see cref="SegmentFilter"/> to Orleans; there is nothing to set.</summary>
internal sealed class SegmentFilterStrategy() : PlacementFilterStrategy(order: 0);
