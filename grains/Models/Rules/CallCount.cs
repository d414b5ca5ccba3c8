using System.Globalization;

namespace AgentRuntime.Models.Rules;

/// <summary>How often a tool has been called: <c>2</c>, <c>1+</c> or <c>0-2</c>.</summary>
internal readonly record struct CallCount(int Min, int Max)
{
    public bool Holds(int calls) => calls >= Min && calls <= Max;

    public static CallCount? Parse(string text)
    {
        if (text.EndsWith('+')) return Number(text.AsSpan(0, text.Length - 1)) is { } least ? new(least, int.MaxValue) : null;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0) return Number(text) is { } exact ? new(exact, exact) : null;
        return Number(text.AsSpan(0, dash)) is { } from && Number(text.AsSpan(dash + 1)) is { } to && from <= to ? new(from, to) : null;
    }

    private static int? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
