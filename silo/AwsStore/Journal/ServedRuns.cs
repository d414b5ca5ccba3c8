using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Tenants;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// The runs that this silo looks after, of all that the index of what is open lists: it may touch no record of others. What is split among all silos is split, for each
/// segment, among those that serve it.
/// </summary>
/// <param name="plan">Whom this silo serves; null for all.</param>
/// <param name="narrow">This silo's share of one segment, given its share among all silos; null while it has none.</param>
internal sealed class ServedRuns(TenancyPlan? plan, Func<TenantId?, PollerShare, PollerShare?> narrow)
{
    /// <summary>All runs, where all silos serve all tenants.</summary>
    public static readonly ServedRuns All = new(null, static (_, share) => share);

    /// <summary>Whether some tenants are served elsewhere.</summary>
    public bool AreSome => plan is not null;

    public bool Serves(TenantId tenant) => plan is null || plan.ServesHere(plan.SegmentOf(tenant));

    /// <summary>The parts of the index that have runs of a share in them, and which of their runs are.</summary>
    /// <param name="share">This silo's share among all silos.</param>
    /// <param name="parts">How many parts the index has.</param>
    public IReadOnlyList<(int Part, Predicate<RunKey> IsMine)> In(PollerShare share, int parts)
    {
        if (plan is null) return [.. PartsOf(share, parts).Select(static part => (part, (Predicate<RunKey>)(static _ => true)))];
        TenantId?[] segments = plan.ServesHere(segment: null) ? [null] : [.. plan.Serves.Select(static tenant => (TenantId?)tenant)];
        var mine = segments.SelectMany(segment => narrow(segment, share) is { } part ? PartsOf(part, parts).Select(number => (Number: number, Segment: segment)) : []);
        return [.. mine.GroupBy(static each => each.Number, static each => each.Segment).Select(part => (part.Key, IsOf([.. part])))];
    }

    private Predicate<RunKey> IsOf(HashSet<TenantId?> segments) => run => segments.Contains(plan!.SegmentOf(run.Tenant));

    private static IEnumerable<int> PartsOf(PollerShare share, int parts) => Enumerable.Range(0, parts).Where(part => part % share.Count == share.Rank);
}
