using AgentRuntime.Common;

namespace AgentRuntime.Tools.Http.Egress;

/// <summary>An absolute URL whose host is written as it is reached.</summary>
/// <param name="Uri">The URL.</param>
/// <param name="Target">Its host and port.</param>
internal readonly record struct EgressUrl(Uri Uri, HostRule Target)
{
    /// <summary>
    /// Reads a URL. The host must already be in the spelling that the URL parser gives it: a number, a hexadecimal or shortened address,
    /// upper case, Unicode, user information or a zone would let the text say another host than the one that is reached.
    /// </summary>
    /// <exception cref="InvalidInputException">It is not such a URL.</exception>
    public static EgressUrl Parse(string text, string field)
    {
        var authority = Authority(text);
        if (authority is null || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw new InvalidInputException(field, "must be an absolute https URL.");
        if (authority.Contains('@', StringComparison.Ordinal))
            throw new InvalidInputException(field, "must not hold user information.");
        if (!HostRule.TryParse(authority, out var written) || !string.Equals(written.Host, uri.Host, StringComparison.Ordinal))
            throw new InvalidInputException(field, $"the host of '{authority}' must be a lower-case name, four decimals, or [v6], as it is usually written.");
        return new EgressUrl(uri, new HostRule(written.Host, uri.Port));
    }

    /// <summary>What stands between scheme and path; null when the URL is not http or https.</summary>
    public static string? Authority(string text)
    {
        var start = text.StartsWith("https://", StringComparison.Ordinal) ? 8 : text.StartsWith("http://", StringComparison.Ordinal) ? 7 : 0;
        if (start == 0 || text.Any(c => c is <= ' ' or >= '\x7f' or '\\'))
            return null;
        var end = text.AsSpan(start).IndexOfAny('/', '?', '#');
        return end < 0 ? text[start..] : text.Substring(start, end);
    }
}
