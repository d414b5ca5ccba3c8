using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AgentRuntime.Tools.Http.Egress;

/// <summary>A host, and a port or any: <c>host</c>, <c>host:port</c>, <c>[v6]:port</c>. One spelling only, so that comparing is enough.</summary>
internal readonly record struct HostRule(string Host, int? Port)
{
    public const int MaxHostChars = 253;

    /// <summary>Reads a rule; false unless it is written in its one spelling.</summary>
    public static bool TryParse(string? text, out HostRule rule)
    {
        rule = default;
        if (text is not { Length: > 0 and <= MaxHostChars + 6 })
            return false;
        var colon = text[^1] == ']' ? -1 : text.LastIndexOf(':');
        int? port = null;
        if (colon >= 0)
        {
            var digits = text.AsSpan(colon + 1);
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65_535 || digits[0] == '0')
                return false;
            port = number;
            text = text[..colon];
        }

        rule = new HostRule(text, port);
        return IsHost(text);
    }

    /// <summary>Whether <paramref name="inner"/> reaches nothing that this does not.</summary>
    public bool Covers(HostRule inner) => Host == inner.Host && (Port is null || Port == inner.Port);

    public override string ToString() => Port is null ? Host : $"{Host}:{Port}";

    /// <summary>A lower-case ASCII name, an IPv4 address in four decimals, or an IPv6 address in brackets, each as it is canonically written.</summary>
    public static bool IsHost(string host)
    {
        if (host.Length > MaxHostChars)
            return false;
        if (host is ['[', .., ']'])
            return IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6
                && v6.ScopeId == 0 && $"[{v6}]" == host;
        var labels = host.Split('.');
        if (!labels.All(IsLabel))
            return false;

        // A last label of digits, or 0x..., is how an address hides in a name: some resolvers read it as a number.
        var last = labels[^1];
        return (!char.IsAsciiDigit(last[0]) && !last.StartsWith("0x", StringComparison.Ordinal))
            || (IPAddress.TryParse(host, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork && v4.ToString() == host);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}
