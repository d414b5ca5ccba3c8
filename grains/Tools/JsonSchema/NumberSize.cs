using System.Numerics;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// Numbers that nobody can compare: longer, or with a larger exponent, than <see cref="SchemaLimits"/> allow. They are found before anything else
/// looks, because a later reader would throw, or take the no to one rule for a yes to its opposite.
/// </summary>
internal static class NumberSize
{
    // An exponent beyond the limit has at least so many digits.
    private const int ExponentDigits = 6;

    // A number beyond the limit without such an exponent has at least so many digits before its point or after it.
    private const int LongDigits = SchemaLimits.MaxNumberChars / 4;

    /// <summary>Whether a JSON text has such a number. Costs what one look at each byte costs, unless something looks like one.</summary>
    public static bool HasTooLarge(ReadOnlySpan<byte> json) => (HasLongDigits(json) || HasLongExponent(json)) && HasTooLargeToken(json);

    // Digits in a row that are so many stand at one of the places that are so far apart.
    private static bool HasLongDigits(ReadOnlySpan<byte> json)
    {
        for (var at = LongDigits - 1; at < json.Length; at += LongDigits)
        {
            if (!char.IsAsciiDigit((char)json[at])) continue;
            var first = json[..at].LastIndexOfAnyExceptInRange((byte)'0', (byte)'9') + 1;
            if (at - first + DigitsFrom(json, at) >= LongDigits) return true;
        }

        return false;
    }

    private static bool HasLongExponent(ReadOnlySpan<byte> json)
    {
        var (e, lowerCase) = (new Vector<byte>((byte)'e'), new Vector<byte>(0x20));
        var (zero, nine) = (new Vector<byte>((byte)'0'), new Vector<byte>((byte)'9'));
        var (plus, minus) = (new Vector<byte>((byte)'+'), new Vector<byte>((byte)'-'));
        var at = 0;
        for (; at + Vector<byte>.Count < json.Length; at += Vector<byte>.Count)
        {
            var isE = Vector.Equals(new Vector<byte>(json[at..]) | lowerCase, e);
            var next = new Vector<byte>(json[(at + 1)..]);
            var isExponent = (Vector.GreaterThanOrEqual(next, zero) & Vector.LessThanOrEqual(next, nine)) | Vector.Equals(next, plus) | Vector.Equals(next, minus);
            if ((isE & isExponent) != Vector<byte>.Zero && HasLongExponent(json, at, at + Vector<byte>.Count)) return true;
        }

        return HasLongExponent(json, at, json.Length);
    }

    private static bool HasLongExponent(ReadOnlySpan<byte> json, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            if ((json[at] | 0x20) != 'e') continue;
            var digits = at + 1 < json.Length && json[at + 1] is (byte)'+' or (byte)'-' ? at + 2 : at + 1;
            if (DigitsFrom(json, digits) >= ExponentDigits) return true;
        }

        return false;
    }

    private static int DigitsFrom(ReadOnlySpan<byte> json, int at)
    {
        if (at >= json.Length) return 0;
        var end = json[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? json.Length - at : end;
    }

    // Digits may also stand in a text.
    private static bool HasTooLargeToken(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && !ExactNumber.TryParse(reader.ValueSpan, out _))
                return true;
        }

        return false;
    }
}
