using System.Net;
using System.Net.Sockets;

namespace AgentRuntime.Tools.Http.Egress;

/// <summary>Which addresses are outside. Ranges: IANA special-purpose address registries (RFC 6890 and its updates).</summary>
internal static class AddressRules
{
    // Reached by name where the platform opts in.
    private static readonly IPNetwork[] Private = Networks(
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7");

    // Never reached. 168.63.129.16 is Azure's host service, 100.100.100.200 and fd00:ec2::/32 serve metadata inside ranges that can be opted in.
    private static readonly IPNetwork[] Closed = Networks(
        "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::/32",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Whether a connection may be made. Mapped, translated and tunnelled forms hide another address and are never outside.</summary>
    public static bool Allows(IPAddress address, bool allowPrivate)
    {
        if (Contains(Closed, address))
            return false;
        if (Contains(Private, address))
            return allowPrivate;
        return address.AddressFamily == AddressFamily.InterNetwork
            || (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId == 0 && !address.IsIPv4MappedToIPv6 && GlobalV6.Contains(address));
    }

    // IPNetwork looks through mapped addresses; families are compared first so that it never has to.
    private static bool Contains(IPNetwork[] networks, IPAddress address) =>
        Array.Exists(networks, n => n.BaseAddress.AddressFamily == address.AddressFamily && n.Contains(address));

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(n => IPNetwork.Parse(n))];
}
