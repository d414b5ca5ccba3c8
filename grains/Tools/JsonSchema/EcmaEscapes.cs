using System.Globalization;
using System.Text;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Reads what may follow a backslash in a regular expression (ECMA-262 with flag u).</summary>
internal sealed class EcmaEscapes(string pattern)
{
    /// <summary>What the dot stands for.</summary>
    public static readonly CodePointSet NoLineEnds = CodePointSet.Of(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)).Complement();

    private static readonly CodePointSet Digits = CodePointSet.Of(('0', '9'));

    private static readonly CodePointSet WordCharacters = CodePointSet.Of(('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_'));

    private static readonly CodePointSet Spaces = CodePointSet.Of(
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F),
        (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary>The character that begins with <paramref name="c"/>, which was just read.</summary>
    public static int CodePointAt(string text, ref int at, char c)
    {
        if (!char.IsSurrogate(c))
            return c;
        if (char.IsHighSurrogate(c) && at < text.Length && char.IsLowSurrogate(text[at]))
            return char.ConvertToUtf32(c, text[at++]);
        throw new ArgumentException("it holds half of a surrogate pair.");
    }

    /// <summary>A set such as \d or \p{L}; null when a character is escaped.</summary>
    public CodePointSet? TryReadSet(ref int at)
    {
        CodePointSet? set = Peek(at) switch
        {
            'd' => Digits,
            'w' => WordCharacters,
            's' => Spaces,
            'D' => Digits.Complement(),
            'W' => WordCharacters.Complement(),
            'S' => Spaces.Complement(),
            'p' => Property(ref at),
            'P' => Property(ref at).Complement(),
            _ => null,
        };
        at += set is null ? 0 : 1;
        return set;
    }

    /// <summary>One escaped character.</summary>
    public int ReadCharacter(ref int at, bool inClass)
    {
        var c = Peek(at++);
        switch (c)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'b' when inClass:
                return '\b';
            case '0' when at >= pattern.Length || !char.IsAsciiDigit(pattern[at]):
                return 0;
            case 'x':
                return Hex(ref at, 2);
            case 'u':
                return CodePoint(ref at);
            case 'c' when at < pattern.Length && char.IsAsciiLetter(pattern[at]):
                return pattern[at++] & 31;
            case '^' or '$' or '\\' or '.' or '*' or '+' or '?' or '(' or ')' or '[' or ']' or '{' or '}' or '|' or '/':
            case '-' when inClass:
                return c;
            default:
                throw new NotSupportedException($"'\\{c}'.");
        }
    }

    private char Peek(int at) => at < pattern.Length ? pattern[at] : throw new ArgumentException("it ends in a backslash.");

    /// <summary>Reads {name} after \p and stops at the closing brace.</summary>
    private CodePointSet Property(ref int at)
    {
        var end = at + 1 < pattern.Length && pattern[at + 1] == '{' ? pattern.IndexOf('}', at) : -1;
        if (end < 0)
            throw new ArgumentException($"'\\{pattern[at]}' names no property.");
        var name = pattern[(at + 2)..end];
        at = end;
        return UnicodeProperties.Find(name) ?? throw new NotSupportedException($"the property '{name}'.");
    }

    private int Hex(ref int at, int digits)
    {
        if (at + digits > pattern.Length
            || !ushort.TryParse(pattern.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            throw new ArgumentException($"{digits} hexadecimal digits are missing.");
        at += digits;
        return unit;
    }

    private int CodePoint(ref int at)
    {
        if (Peek(at) == '{')
            return Braced(ref at);
        var unit = (char)Hex(ref at, 4);
        if (!char.IsSurrogate(unit))
            return unit;
        if (char.IsLowSurrogate(unit) || !pattern.AsSpan(at).StartsWith(@"\u"))
            throw new ArgumentException("it holds half of a surrogate pair.");
        at += 2;
        var second = (char)Hex(ref at, 4);
        return char.IsLowSurrogate(second) ? char.ConvertToUtf32(unit, second) : throw new ArgumentException("it holds half of a surrogate pair.");
    }

    private int Braced(ref int at)
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0 || !int.TryParse(pattern.AsSpan(at + 1, end - at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !Rune.IsValid(value))
            throw new ArgumentException("'\\u{' holds no code point.");
        at = end + 1;
        return value;
    }
}
