using System.Net;
using System.Net.Sockets;
using AgentRuntime.Common;

namespace AgentRuntime.Hosting;

/// <summary>Who may reach a silo from where. Whoever does so without a certificate is asked for nothing, so that only processes of this machine may.</summary>
internal static class ClusterBorder
{
    /// <summary>What is wrong or unsafe, with the key and the fix.</summary>
    public static IEnumerable<string> Problems(SiloHostOptions options)
    {
        const string Tls = nameof(options.Tls);
        if (options.GatewayPort is not null && options.Tls is null)
            yield return Problem(nameof(options.GatewayPort), $"is set, where every process that reaches it could do everything. Leave it out, or set {SiloHostOptions.SectionName}:{Tls}:Certificate:Path, Certificate:KeyPath and Authority");
        if (!IPAddress.TryParse(options.AdvertisedAddress, out var advertised) || IsAny(advertised))
        {
            yield return Problem(nameof(options.AdvertisedAddress), $"is '{Shown.Text(options.AdvertisedAddress)}'; it must be the IP address by which other silos reach this one, such as 10.0.3.7");
            yield break;
        }

        var listening = advertised;
        if (options.ListenAddress is not null && (!IPAddress.TryParse(options.ListenAddress, out listening!) || listening.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)))
        {
            yield return Problem(nameof(options.ListenAddress), $"is '{Shown.Text(options.ListenAddress)}'; it must be an IP address, such as 0.0.0.0, or be left out");
            yield break;
        }

        if (IPAddress.IsLoopback(advertised) && IPAddress.IsLoopback(listening)) yield break;
        var key = IPAddress.IsLoopback(advertised) ? nameof(options.ListenAddress) : nameof(options.AdvertisedAddress);
        if (options.Store == SiloHostOptions.EmbeddedStore)
            yield return Problem(key, "is not loopback, but a data folder is served by silos of one machine. Leave it out, or keep the state in AWS with --store aws");
        if (options.Tls is null)
            yield return Problem(key, $"is not loopback, where everybody who reaches the port could join. Leave it out, or set {SiloHostOptions.SectionName}:{Tls}:Certificate:Path, Certificate:KeyPath and Authority");
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static string Problem(string key, string text) => $"{SiloHostOptions.SectionName}:{key} {text}.";
}
