using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords for numbers: minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf. Compared without rounding.</summary>
internal sealed class NumberRules
{
    // 18 digits always fit a long, and 28 characters without an exponent a decimal, exactly.
    private const int WholeChars = 18;
    private const int DecimalChars = 28;

    private readonly List<NumberBound> _bounds = [];

    public bool TryAdd(NumberBoundKind kind, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (!ExactNumber.TryParse(raw, out var exact) || (kind == NumberBoundKind.MultipleOf && !exact.IsPositive))
            return false;
        _bounds.Add(new NumberBound(
            kind, value.GetRawText(), exact, TryParseDecimal(raw, out var small) ? small : null, TryParseWhole(raw, out var whole) ? whole : null));
        return true;
    }

    public bool Check(in JsonElement value, ref Evaluation e)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var isWhole = TryParseWhole(raw, out var whole);
        foreach (var bound in _bounds)
        {
            bool holds;
            if (isWhole && bound.Whole is { } limit)
                holds = bound.Kind == NumberBoundKind.MultipleOf ? whole % limit == 0 : bound.Holds(whole.CompareTo(limit));
            else if (bound.Small is { } small && TryParseDecimal(raw, out var number))
                holds = bound.Kind == NumberBoundKind.MultipleOf ? number % small == 0 : bound.Holds(number.CompareTo(small));
            else if (!TryCheckExactly(bound, raw, ref e, out holds))
                return e.Collecting && e.Fail(bound.Keyword, $"must have at most {SchemaLimits.MaxNumberChars} digits and a small exponent");
            if (!holds)
                return e.Collecting && e.Fail(bound.Keyword, bound.Describe());
        }

        return true;
    }

    private static bool TryCheckExactly(NumberBound bound, ReadOnlySpan<byte> raw, ref Evaluation e, out bool holds)
    {
        holds = false;
        if (!e.Spend(ExactNumber.Steps) || !ExactNumber.TryParse(raw, out var exact))
            return false;
        holds = bound.Kind == NumberBoundKind.MultipleOf ? exact.IsMultipleOf(bound.Exact) : bound.Holds(exact.CompareTo(bound.Exact));
        return true;
    }

    private static bool TryParseWhole(ReadOnlySpan<byte> raw, out long value)
    {
        value = 0;
        return raw.Length <= WholeChars && Utf8Parser.TryParse(raw, out value, out var used) && used == raw.Length;
    }

    private static bool TryParseDecimal(ReadOnlySpan<byte> raw, out decimal value)
    {
        value = 0;
        return raw.Length <= DecimalChars && !raw.ContainsAny((byte)'e', (byte)'E')
            && Utf8Parser.TryParse(raw, out value, out var used) && used == raw.Length;
    }
}
