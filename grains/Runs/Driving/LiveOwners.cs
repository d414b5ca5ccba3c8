using AgentRuntime.Runs.Index;

namespace AgentRuntime.Runs.Driving;

/// <summary>The silo generations that membership knows.</summary>
internal sealed class LiveOwners(IClusterMembershipService membership, SiloIdentity silo)
{
    private volatile Known _known = new(MembershipVersion.MinValue, new HashSet<string>(), []);

    /// <summary>This silo.</summary>
    public string Self => silo.Owner;

    /// <summary>Those that are not known to be dead: what they own is theirs.</summary>
    public IReadOnlySet<string> Current => Look().Live;

    /// <summary>Those that work, in a stable order: they share the polling.</summary>
    public IReadOnlyList<string> Active => Look().Active;

    /// <summary>This silo's part of what silos poll; null while it does not work itself.</summary>
    public PollerShare? Share
    {
        get
        {
            var active = Active;
            for (var rank = 0; rank < active.Count; rank++)
            {
                if (active[rank] == Self) return new PollerShare(rank, active.Count);
            }

            return null;
        }
    }

    /// <summary>Completes when membership changes.</summary>
    public IAsyncEnumerable<ClusterMembershipSnapshot> Updates => membership.MembershipUpdates;

    private Known Look()
    {
        var snapshot = membership.CurrentSnapshot;
        var known = _known;
        if (known.Version == snapshot.Version) return known;
        var live = snapshot.Members.Values.Where(member => member.Status is not SiloStatus.Dead and not SiloStatus.None).ToList();
        _known = known = new Known(
            snapshot.Version,
            live.Select(member => member.SiloAddress.ToParsableString()).ToHashSet(StringComparer.Ordinal),
            [.. live.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress.ToParsableString()).Order(StringComparer.Ordinal)]);
        return known;
    }

    private sealed record Known(MembershipVersion Version, IReadOnlySet<string> Live, IReadOnlyList<string> Active);
}
