using System.Globalization;
using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>What a tenant's settings may be.</summary>
internal static class TenantRules
{
    public const int MaxDisplayNameChars = 200;
    public const int MaxOpenRuns = 10_000_000;
    public const int MaxEgressHosts = 100;
    public const int MaxHostChars = 253;
    public const int MaxReasonChars = 1_000;

    /// <summary>Returns the settings in their one spelling: hosts in order.</summary>
    /// <exception cref="InvalidInputException">A setting is out of bounds.</exception>
    public static TenantSettings Normalise(TenantSettings settings)
    {
        if (settings.DisplayName is not { Length: > 0 and <= MaxDisplayNameChars } name || name.Any(char.IsControl))
            throw new InvalidInputException("displayName", $"must be 1 to {MaxDisplayNameChars} characters without control characters.");
        if (settings.MaxOpenRuns is < 1 or > MaxOpenRuns)
            throw new InvalidInputException("maxOpenRuns", $"must be 1 to {MaxOpenRuns}, not {settings.MaxOpenRuns}.");
        if (settings.EgressHosts.Count > MaxEgressHosts)
            throw new InvalidInputException("egressHosts", $"must be at most {MaxEgressHosts}, not {settings.EgressHosts.Count}.");

        var hosts = settings.EgressHosts.Select(RequireHost).Order(StringComparer.Ordinal).ToArray();
        for (var i = 1; i < hosts.Length; i++)
            if (hosts[i] == hosts[i - 1]) throw new InvalidInputException("egressHosts", $"names '{hosts[i]}' twice; remove one.");
        return settings with { EgressHosts = hosts, Retention = settings.Retention is { } retention ? RetentionRules.Normalise(retention) : null };
    }

    /// <summary>Whether two normalised settings are the same.</summary>
    public static bool AreSame(TenantSettings left, TenantSettings right) =>
        left.DisplayName == right.DisplayName
        && left.MaxOpenRuns == right.MaxOpenRuns
        && left.EgressHosts.SequenceEqual(right.EgressHosts, StringComparer.Ordinal)
        && RetentionRules.AreSame(left.Retention, right.Retention);

    /// <exception cref="InvalidInputException">The reason is empty or too long.</exception>
    public static string RequireReason(string? reason) => reason is { Length: > 0 and <= MaxReasonChars }
        ? reason
        : throw new InvalidInputException("reason", $"must be 1 to {MaxReasonChars} characters.");

    // One spelling only, so that a list never holds a host twice and a comparison never has to normalise.
    private static string RequireHost(string host)
    {
        var colon = host.LastIndexOf(':');
        var (name, port) = colon < 0 ? (host, "1") : (host[..colon], host[(colon + 1)..]);
        var isName = name is { Length: > 0 and <= MaxHostChars } && !name.Any(char.IsAsciiLetterUpper) && !name.EndsWith('.')
            && Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4;
        var isPort = ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && port[0] != '0';
        return isName && isPort
            ? host
            : throw new InvalidInputException(
                "egressHosts", "must hold lower-case host names without scheme or path, with or without a port, such as api.example.com.");
    }
}
