using System.Globalization;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Tenants;

namespace AgentRuntime.Hosting;

/// <summary>What all silos of a cluster must have in common while they run together.</summary>
internal sealed record ClusterAgreement(string ClusterId, string ServiceId, string Liveness, string Version, string Tenancy)
{
    public static ClusterAgreement Of(FolderFormat format, TenancyPlan tenancy) => new(
        format.ClusterId,
        format.ServiceId,
        string.Create(CultureInfo.InvariantCulture, $"probe {LivenessSettings.Probe.TotalSeconds} s x {LivenessSettings.MissedProbes}, heartbeat {LivenessSettings.Heartbeat.TotalSeconds} s x {LivenessSettings.MissedHeartbeats}"),
        FolderFormat.ProductVersion(),
        tenancy.ToString());

    /// <summary>Each setting that differs, with both values.</summary>
    public string Differences(ClusterAgreement mine)
    {
        var pairs = new[]
        {
            ("cluster id", ClusterId, mine.ClusterId),
            ("service id", ServiceId, mine.ServiceId),
            ("liveness", Liveness, mine.Liveness),
            ("version", Version, mine.Version),
            ("tenancy", Tenancy, mine.Tenancy),
        };
        return string.Join("; ", pairs.Where(pair => pair.Item2 != pair.Item3).Select(pair => $"{pair.Item1} is '{pair.Item2}' there and '{pair.Item3}' here"));
    }
}
