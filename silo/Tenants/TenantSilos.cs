using AgentRuntime.Common;
using AgentRuntime.Runs.Index;

namespace AgentRuntime.Tenants;

/// <summary>Which silos serve which tenants, as membership knows.</summary>
internal sealed class TenantSilos(IClusterMembershipService membership, ILocalSiloDetails self, TenancyPlan plan)
{
    /// <summary>Whether a silo serves a tenant. One that membership does not know serves nobody.</summary>
    public bool Serves(SiloAddress silo, TenantId tenant) =>
        membership.CurrentSnapshot.Members.TryGetValue(silo, out var member) && SiloLabels.Serves(member.Name, plan.SegmentOf(tenant));

    /// <summary>
    /// This silo's part in looking after the open runs of a segment, or for null of the tenants that have none: what is split among all silos is
    /// split among those that serve it. Null while this silo is not one of them.
    /// </summary>
    public PollerShare? Narrow(TenantId? segment, PollerShare share)
    {
        if (share == PollerShare.Whole) return share;
        var serving = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && SiloLabels.Serves(member.Name, segment))
            .Select(member => member.SiloAddress)
            .Order()
            .ToList();
        var rank = serving.IndexOf(self.SiloAddress);
        return rank < 0 ? null : new PollerShare(rank, serving.Count);
    }

    /// <summary>What a caller is told while no silo serves its tenant.</summary>
    public AgentRuntimeException NobodyServes(TenantId tenant) => new(
        ErrorCode.Unavailable,
        plan.SegmentOf(tenant) is null
            ? $"tenant {tenant}: all silos that run serve segments of other tenants. Start one without --serves."
            : $"tenant {tenant}: no silo that serves its segment runs. Start one with --serves {tenant}.",
        isTransient: true);
}
