using System.Buffers.Text;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Reads the text of numbers of ordinary size quickly: digits and at most one point. For all others there is <see cref="ExactNumber"/>.</summary>
internal static class NumberText
{
    // This many digits always fit a long.
    private const int ShortDigits = 18;

    // 28 characters without an exponent always fit a decimal exactly.
    private const int DecimalChars = 28;

    /// <summary>Reads a number that a decimal holds exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> raw, out decimal value)
    {
        if (TryReadShort(raw, out var digits, out var scale))
        {
            value = new decimal((int)(ulong)Math.Abs(digits), (int)((ulong)Math.Abs(digits) >> 32), 0, digits < 0, (byte)scale);
            return true;
        }

        value = 0;
        return raw.Length <= DecimalChars && !raw.ContainsAny((byte)'e', (byte)'E')
            && Utf8Parser.TryParse(raw, out value, out var used) && used == raw.Length;
    }

    /// <summary>Reads a whole number that a long holds.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> raw, out long value) => TryReadShort(raw, out value, out var scale) && scale == 0;

    /// <summary>Reads a number as digits and how many of them stand after the point.</summary>
    private static bool TryReadShort(ReadOnlySpan<byte> raw, out long digits, out int scale)
    {
        digits = 0;
        scale = 0;
        if (raw.Length > ShortDigits)
            return false;
        var point = -1;
        var isNegative = raw[0] == '-';
        for (var i = isNegative ? 1 : 0; i < raw.Length; i++)
        {
            var digit = (uint)(raw[i] - '0');
            if (digit <= 9)
                digits = (digits * 10) + digit;
            else if (raw[i] == '.')
                point = i;
            else
                return false;
        }

        scale = point < 0 ? 0 : raw.Length - point - 1;
        digits = isNegative ? -digits : digits;
        return true;
    }
}
