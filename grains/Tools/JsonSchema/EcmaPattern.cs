using System.Text;
using System.Text.RegularExpressions;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// Regular expressions as JSON Schema means them (ECMA-262 with flag u), rewritten for the engine of .NET that never backtracks. What the
/// two cannot agree on is refused: look-around, back references, word borders, Unicode properties.
/// </summary>
internal sealed class EcmaPattern
{
    private const string AnyPair = @"[\ud800-\udbff][\udc00-\udfff]";
    private const string Surrogates = @"\ud800-\udfff";
    private const string Digits = "0-9";
    private const string NotDigits = @"\0-/:-\ud7ff\ue000-\uffff";
    private const string WordChars = "a-zA-Z0-9_";
    private const string NotWordChars = @"\0-/:-@\[-\^`{-\ud7ff\ue000-\uffff";
    private const string Spaces = @"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    private const string NotSpaces =
        @"\0-\b\u000e-\u001f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ud7ff\ue000-\ufefe\uff00-\uffff";

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private long _repeats = 1;
    private int _at;

    private EcmaPattern(string pattern) => _pattern = pattern;

    /// <exception cref="ArgumentException">The pattern is malformed or too large.</exception>
    /// <exception cref="NotSupportedException">It uses what is not supported; the message names it.</exception>
    public static Regex Compile(string pattern)
    {
        if (pattern.Length > SchemaLimits.MaxPatternChars)
            throw new ArgumentException($"it is longer than {SchemaLimits.MaxPatternChars} characters.");
        return new Regex(new EcmaPattern(pattern).Translate(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    private string Translate()
    {
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at++];
            switch (c)
            {
                case '\\':
                    TranslateEscape();
                    break;
                case '[':
                    TranslateClass();
                    break;
                case '(':
                    TranslateGroup();
                    break;
                case '{':
                    TranslateCount();
                    break;
                case '.':
                    NotIn(@"\n\r\u2028\u2029");
                    break;
                case '$':
                    _output.Append(@"\z");
                    break;
                case ']' or '}':
                    throw new ArgumentException($"'{c}' has no beginning.");
                case '#' or ' ':
                    _output.Append('\\').Append(c);
                    break;
                default:
                    Literal(c);
                    break;
            }
        }

        return _output.ToString();
    }

    private void Literal(char c)
    {
        if (char.IsHighSurrogate(c) && _at < _pattern.Length)
            _output.Append("(?:").Append(c).Append(_pattern[_at++]).Append(')');
        else
            _output.Append(c);
    }

    // One character outside a set is a code point, so a surrogate pair counts as one.
    private void NotIn(string set) => _output.Append($"(?:{AnyPair}|[^{set}{Surrogates}])");

    private void TranslateGroup()
    {
        _output.Append('(');
        if (_at >= _pattern.Length || _pattern[_at] != '?')
            return;
        var rest = _pattern.AsSpan(_at);
        if (rest.StartsWith("?:"))
            _at += 2;
        else if (rest.StartsWith("?<") && !rest.StartsWith("?<=") && !rest.StartsWith("?<!") && rest.IndexOf('>') is var end and > 0)
            _at += end + 1;
        else
            throw new NotSupportedException($"'({rest[..Math.Min(3, rest.Length)]}' (look-around and inline flags).");
        _output.Append("?:");
    }

    private void TranslateCount()
    {
        var end = _pattern.IndexOf('}', _at);
        var parts = end < 0 ? [] : _pattern[_at..end].Split(',');
        if (parts.Length is 0 or > 2 || !TryCount(parts[0], out var count) || (parts.Length == 2 && parts[1].Length > 0 && !TryCount(parts[1], out count)))
            throw new ArgumentException("'{' does not begin a count.");
        _repeats *= Math.Max(1, count);
        if (_repeats > SchemaLimits.MaxPatternRepeats)
            throw new ArgumentException($"its counts multiply to more than {SchemaLimits.MaxPatternRepeats}.");
        _output.Append('{').Append(_pattern, _at, end + 1 - _at);
        _at = end + 1;
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out count);

    private void TranslateEscape()
    {
        switch (Peek())
        {
            case 'd':
                Set(Digits);
                break;
            case 'w':
                Set(WordChars);
                break;
            case 's':
                Set(Spaces);
                break;
            case 'D':
                Set(null, Digits);
                break;
            case 'W':
                Set(null, WordChars);
                break;
            case 'S':
                Set(null, Spaces);
                break;
            default:
                _output.Append(Character(inClass: false));
                break;
        }

        void Set(string? inside, string outside = "")
        {
            _at++;
            if (inside is null)
                NotIn(outside);
            else
                _output.Append('[').Append(inside).Append(']');
        }
    }

    private char Peek() => _at < _pattern.Length ? _pattern[_at] : throw new ArgumentException("it ends in a backslash.");

    /// <summary>One escaped character, after the backslash.</summary>
    private string Character(bool inClass)
    {
        var c = Peek();
        _at++;
        switch (c)
        {
            case 'n' or 'r' or 't' or 'f' or 'v':
                return $"\\{c}";
            case 'b' when inClass:
                return @"\b";
            case '0' when _at >= _pattern.Length || !char.IsAsciiDigit(_pattern[_at]):
                return @"\0";
            case 'x':
                return Unit(2);
            case 'u':
                return CodePoint(inClass);
            case 'c' when _at < _pattern.Length && char.IsAsciiLetter(_pattern[_at]):
                return Quote((char)(_pattern[_at++] & 31));
            case '^' or '$' or '\\' or '.' or '*' or '+' or '?' or '(' or ')' or '[' or ']' or '{' or '}' or '|' or '/' or '-':
                return Quote(c);
            default:
                throw new NotSupportedException($"'\\{c}'.");
        }
    }

    private string Unit(int digits)
    {
        if (_at + digits > _pattern.Length || !ushort.TryParse(
            _pattern.AsSpan(_at, digits), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var unit))
            throw new ArgumentException($"{digits} hexadecimal digits are missing.");
        _at += digits;
        return Quote((char)unit);
    }

    private string CodePoint(bool inClass)
    {
        string text;
        if (Peek() != '{')
        {
            text = Unit(4);
            if (text is [_, 'u', 'd' , >= '8', ..] && !inClass && _pattern.AsSpan(_at).StartsWith(@"\u"))
            {
                _at += 2;
                return $"(?:{text}{Unit(4)})";
            }

            return text;
        }

        var end = _pattern.IndexOf('}', _at);
        if (end < 0 || !int.TryParse(_pattern.AsSpan(_at + 1, end - _at - 1), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var value)
            || !Rune.IsValid(value))
            throw new ArgumentException("'\\u{' holds no code point.");
        _at = end + 1;
        var units = new Rune(value).ToString();
        if (units.Length == 1)
            return Quote(units[0]);
        return inClass ? throw new NotSupportedException("a character beyond U+FFFF in a class.") : $"(?:{units})";
    }

    private static string Quote(char c) => $"\\u{(int)c:x4}";

    private void TranslateClass()
    {
        var negated = _at < _pattern.Length && _pattern[_at] == '^';
        _at += negated ? 1 : 0;
        var set = new StringBuilder();
        while (true)
        {
            var c = _at < _pattern.Length ? _pattern[_at++] : throw new ArgumentException("'[' has no end.");
            if (c == ']')
                break;
            if (char.IsSurrogate(c))
                throw new NotSupportedException("a character beyond U+FFFF in a class.");
            if (c == '\\')
                set.Append(ClassEscape());
            else if (c == '-')
                set.Append(_at < _pattern.Length && _pattern[_at] == ']' || set.Length == 0 ? @"\u002d" : "-");
            else
                set.Append(Quote(c));
        }

        if (set.Length == 0)
            throw new NotSupportedException("an empty class.");
        if (negated)
            NotIn(set.ToString());
        else
            _output.Append('[').Append(set).Append(']');
    }

    private string ClassEscape()
    {
        var set = Peek() switch
        {
            'd' => Digits,
            'w' => WordChars,
            's' => Spaces,
            'D' => NotDigits,
            'W' => NotWordChars,
            'S' => NotSpaces,
            _ => null,
        };
        if (set is null)
            return Character(inClass: true);
        _at++;
        return set;
    }
}
