using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords for numbers: minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf. Compared without rounding.</summary>
internal sealed class NumberRules
{
    private NumberBound[] _bounds = [];

    /// <summary>Whether a number is whole. 1.0 and 1e2 are: the type is about the value, not its spelling (2020-12 core, 6.3).</summary>
    public static bool IsInteger(in JsonElement value, ref Evaluation e)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return !raw.ContainsAny((byte)'.', (byte)'e', (byte)'E')
            || (e.Spend(ExactNumber.Steps) && ExactNumber.TryParse(raw, out var exact) && exact.IsInteger);
    }

    public bool TryAdd(NumberBoundKind kind, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (!ExactNumber.TryParse(raw, out var exact) || (kind == NumberBoundKind.MultipleOf && !exact.IsPositive))
            return false;
        var bound = new NumberBound(
            kind, value.GetRawText(), exact, NumberText.TryRead(raw, out var small) ? small : null, NumberText.TryReadWhole(raw, out var whole) ? whole : null);
        _bounds = [.. _bounds, bound];
        return true;
    }

    public bool Check(in JsonElement value, ref Evaluation e)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var isWhole = NumberText.TryReadWhole(raw, out var whole);
        foreach (var bound in _bounds)
        {
            bool holds;
            if (isWhole && bound.Whole is { } limit)
                holds = bound.Kind == NumberBoundKind.MultipleOf ? whole % limit == 0 : bound.Holds(whole.CompareTo(limit));
            else if (bound.Small is { } small && NumberText.TryRead(raw, out var number))
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
}
