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

    public static bool HasTooLarge(ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (true)
        {
            var next = json[at..].IndexOfAnyInRange((byte)'0', (byte)'9');
            if (next < 0)
                return false;
            at += next;
            var digits = json[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            digits = digits < 0 ? json.Length - at : digits;
            if (digits >= LongDigits || (digits >= ExponentDigits && FollowsE(json, at)))
                return HasTooLargeToken(json);
            at += digits;
        }
    }

    private static bool FollowsE(ReadOnlySpan<byte> json, int at)
    {
        var before = at > 0 && json[at - 1] is (byte)'+' or (byte)'-' ? at - 2 : at - 1;
        return before >= 0 && json[before] is (byte)'e' or (byte)'E';
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
