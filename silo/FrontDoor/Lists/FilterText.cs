using System.Text.RegularExpressions;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Lists;

/// <summary>
/// Reads filters: <c>agent = "refund" AND start_time &gt; "2026-03-01T00:00:00Z"</c>. A small part of what https://google.aip.dev/160 allows: conditions
/// on single fields, all of which must hold.
/// </summary>
internal static partial class FilterText
{
    private const int MaxChars = 1_000;
    private const int MaxTerms = 8;

    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static IReadOnlyList<FilterTerm> Parse(string filter)
    {
        if (filter.Length > MaxChars) throw Refused($"must be at most {MaxChars} characters.");
        var terms = new List<FilterTerm>();
        var at = 0;
        while (at < filter.Length || IsUnfinished(filter, at))
        {
            var match = Term().Match(filter, at);
            if (!match.Success || terms.Count == MaxTerms)
                throw Refused($"cannot be read from character {at + 1} on; write up to {MaxTerms} conditions like agent = \"refund\" AND start_time > \"2026-03-01T00:00:00Z\".");
            terms.Add(new FilterTerm(match.Groups["field"].Value, match.Groups["operator"].Value, match.Groups["value"].Value));
            at = match.Index + match.Length;
        }

        return terms;
    }

    public static InvalidInputException Refused(string message) => new("filter", message);

    // After AND comes a condition.
    private static bool IsUnfinished(string filter, int at) => at > 0 && filter[..at].TrimEnd().EndsWith(" AND", StringComparison.Ordinal);

    [GeneratedRegex("""\G\s*(?<field>[a-z_]+(\.[a-z_]+)*)\s*(?<operator>!=|<=|>=|=|<|>)\s*("(?<value>[^"\\]*)"|(?<value>[A-Za-z0-9_.:/+-]+))(\s+AND\s+|\s*\z)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Term();
}
