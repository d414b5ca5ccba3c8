using System.Globalization;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Lists;

/// <summary>Values of filters, by the kind of their field.</summary>
internal static class FilterValue
{
    public static DateTimeOffset Time(FilterTerm term) =>
        DateTimeOffset.TryParse(term.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw FilterText.Refused($"has '{term.Value}' as {term.Field}; write a time like 2026-03-01T00:00:00Z.");

    /// <summary>Whether a difference fits an operator.</summary>
    public static bool Holds(FilterTerm term, int difference) => term.Operator switch
    {
        "=" => difference == 0,
        "!=" => difference != 0,
        "<" => difference < 0,
        "<=" => difference <= 0,
        ">" => difference > 0,
        _ => difference >= 0,
    };

    /// <exception cref="InvalidInputException">The operator is none that the field has.</exception>
    public static void Require(FilterTerm term, params string[] operators)
    {
        if (!operators.Contains(term.Operator))
            throw FilterText.Refused($"compares {term.Field} by {term.Operator}; it has {string.Join(", ", operators)}.");
    }
}
