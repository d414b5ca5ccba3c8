namespace AgentRuntime.Hosting.Commands;

/// <summary>Says who is in the cluster whenever that changes.</summary>
internal sealed class ClusterAnnouncer(IClusterMembershipService membership, Announcement announcement) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = "";
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                string[] active = [.. snapshot.Members.Values
                    .Where(member => member.Status == SiloStatus.Active)
                    .Select(member => member.SiloAddress.ToParsableString())
                    .Order(StringComparer.Ordinal)];
                var now = string.Join(' ', active);
                if (now != last && active.Length > 0)
                {
                    last = now;
                    announcement.Cluster(active);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
