using System.Buffers.Text;
using System.Globalization;
using System.Numerics;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>A JSON number without rounding: digits times a power of ten. Slow, for what decimal cannot hold.</summary>
internal readonly struct ExactNumber : IComparable<ExactNumber>
{
    /// <summary>Reading a long number takes about as long as this many subschemas.</summary>
    public const int Steps = 16;

    private readonly BigInteger _digits;
    private readonly int _digitCount;
    private readonly int _exponent;

    private ExactNumber(BigInteger digits, int digitCount, int exponent)
    {
        _digits = digits;
        _digitCount = digitCount;
        _exponent = exponent;
    }

    public bool IsInteger => _digits.IsZero || _exponent >= 0;

    public bool IsPositive => _digits.Sign > 0;

    /// <summary>Reads a number; false when it is longer or its exponent larger than <see cref="SchemaLimits"/> allow.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out ExactNumber number)
    {
        number = default;
        if (utf8.Length > SchemaLimits.MaxNumberChars)
            return false;
        var exponent = 0;
        var e = utf8.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            var text = utf8[(e + 1)..];
            if (text[0] == '+')
                text = text[1..];
            if (!Utf8Parser.TryParse(text, out exponent, out var used) || used != text.Length || Math.Abs((long)exponent) > SchemaLimits.MaxExponent)
                return false;
            utf8 = utf8[..e];
        }

        var negative = utf8[0] == '-';
        Span<char> digits = stackalloc char[utf8.Length];
        var count = 0;
        var fraction = 0;
        var inFraction = false;
        foreach (var b in utf8[(negative ? 1 : 0)..])
        {
            if (b == '.')
            {
                inFraction = true;
                continue;
            }

            digits[count++] = (char)b;
            fraction += inFraction ? 1 : 0;
        }

        number = Normalised(digits[..count], negative, exponent - fraction);
        return true;
    }

    public int CompareTo(ExactNumber other)
    {
        if (_digits.Sign != other._digits.Sign || _digits.IsZero)
            return _digits.Sign.CompareTo(other._digits.Sign);
        var magnitude = (_digitCount + _exponent).CompareTo(other._digitCount + other._exponent);
        if (magnitude != 0)
            return magnitude * _digits.Sign;
        var shift = _exponent - other._exponent;
        return shift >= 0
            ? (_digits * BigInteger.Pow(10, shift)).CompareTo(other._digits)
            : _digits.CompareTo(other._digits * BigInteger.Pow(10, -shift));
    }

    /// <summary>Whether this is a whole multiple of <paramref name="divisor"/>, which is above zero.</summary>
    public bool IsMultipleOf(ExactNumber divisor)
    {
        if (_digits.IsZero)
            return true;
        var shift = _exponent - divisor._exponent;
        if (shift >= 0)
            return (_digits * BigInteger.ModPow(10, shift, divisor._digits) % divisor._digits).IsZero;

        // Digits end in no zero, so a divisor with more factors of ten than this has digits cannot divide it.
        return -shift <= _digitCount && (_digits % (divisor._digits * BigInteger.Pow(10, -shift))).IsZero;
    }

    public override int GetHashCode() => HashCode.Combine(_digits, _digits.IsZero ? 0 : _exponent);

    private static ExactNumber Normalised(ReadOnlySpan<char> digits, bool negative, int exponent)
    {
        digits = digits.TrimStart('0');
        var kept = digits.TrimEnd('0');
        if (kept.IsEmpty)
            return default;
        var value = BigInteger.Parse(kept, NumberStyles.None, CultureInfo.InvariantCulture);
        return new ExactNumber(negative ? -value : value, kept.Length, exponent + digits.Length - kept.Length);
    }
}
