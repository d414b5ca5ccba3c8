using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords for numbers: minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf. Compared without rounding.</summary>
internal sealed class NumberRules
{
    // 28 characters without an exponent always fit a decimal exactly.
    private const int DecimalChars = 28;

    private readonly List<Bound> _bounds = [];

    public bool TryAdd(string keyword, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (!ExactNumber.TryParse(raw, out var exact) || (keyword == "multipleOf" && !exact.IsPositive))
            return false;
        _bounds.Add(new Bound(keyword, value.GetRawText(), exact, TryParseDecimal(raw, out var small) ? small : null));
        return true;
    }

    public bool Check(in JsonElement value, ref Evaluation e)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var isSmall = TryParseDecimal(raw, out var small);
        foreach (var bound in _bounds)
        {
            bool holds;
            if (isSmall && bound.Small is { } limit)
                holds = bound.Keyword == "multipleOf" ? small % limit == 0 : Holds(bound.Keyword, small.CompareTo(limit));
            else if (!ExactNumber.TryParse(raw, out var exact))
                return e.Collecting && e.Fail(bound.Keyword, $"must have at most {SchemaLimits.MaxNumberChars} digits and a small exponent");
            else
                holds = bound.Keyword == "multipleOf" ? exact.IsMultipleOf(bound.Exact) : Holds(bound.Keyword, exact.CompareTo(bound.Exact));
            if (!holds)
                return e.Collecting && e.Fail(bound.Keyword, Describe(bound));
        }

        return true;
    }

    private static bool Holds(string keyword, int comparison) => keyword switch
    {
        "minimum" => comparison >= 0,
        "maximum" => comparison <= 0,
        "exclusiveMinimum" => comparison > 0,
        _ => comparison < 0,
    };

    private static string Describe(Bound bound) => bound.Keyword switch
    {
        "minimum" => $"must be at least {bound.Text}",
        "maximum" => $"must be at most {bound.Text}",
        "exclusiveMinimum" => $"must be above {bound.Text}",
        "exclusiveMaximum" => $"must be below {bound.Text}",
        _ => $"must be a multiple of {bound.Text}",
    };

    private static bool TryParseDecimal(ReadOnlySpan<byte> raw, out decimal value)
    {
        value = 0;
        return raw.Length <= DecimalChars && !raw.ContainsAny((byte)'e', (byte)'E')
            && Utf8Parser.TryParse(raw, out value, out var used) && used == raw.Length;
    }

    private sealed record Bound(string Keyword, string Text, ExactNumber Exact, decimal? Small);
}
