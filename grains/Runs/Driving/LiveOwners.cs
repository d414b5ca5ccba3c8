namespace AgentRuntime.Runs.Driving;

/// <summary>The silo generations that membership does not hold to be dead.</summary>
internal sealed class LiveOwners(IClusterMembershipService membership)
{
    private (MembershipVersion Version, IReadOnlySet<string> Owners) _known = (MembershipVersion.MinValue, new HashSet<string>());

    public IReadOnlySet<string> Current
    {
        get
        {
            var snapshot = membership.CurrentSnapshot;
            if (_known.Version == snapshot.Version) return _known.Owners;
            var owners = snapshot.Members.Values
                .Where(member => member.Status is not SiloStatus.Dead and not SiloStatus.None)
                .Select(member => member.SiloAddress.ToParsableString())
                .ToHashSet(StringComparer.Ordinal);
            _known = (snapshot.Version, owners);
            return owners;
        }
    }

    /// <summary>Completes when membership changes.</summary>
    public IAsyncEnumerable<ClusterMembershipSnapshot> Updates => membership.MembershipUpdates;
}
