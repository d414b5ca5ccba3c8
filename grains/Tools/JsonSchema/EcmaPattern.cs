using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// Regular expressions as JSON Schema means them (ECMA-262 with flag u), rewritten for the engine of .NET that never backtracks. What the
/// two cannot agree on is refused: look-around, back references, word borders, Unicode properties other than general categories.
/// </summary>
internal sealed class EcmaPattern
{
    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private readonly EcmaEscapes _escapes;

    // The size of the automaton is about the product: a count repeats what stands before it.
    private long _repeats = 1;
    private long _alternatives = 1;
    private int _at;

    private EcmaPattern(string pattern)
    {
        _pattern = pattern;
        _escapes = new EcmaEscapes(pattern);
    }

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
                    Write(EcmaEscapes.LineEnds.Complement());
                    break;
                case '$':
                    _output.Append(@"\z");
                    break;
                case ']' or '}':
                    throw new ArgumentException($"'{c}' has no beginning.");
                case '^' or '|' or ')' or '*' or '+' or '?':
                    _output.Append(c);
                    break;
                default:
                    Literal(EcmaEscapes.CodePointAt(_pattern, ref _at, c));
                    break;
            }
        }

        if (_repeats * _alternatives > SchemaLimits.MaxPatternRepeats)
            throw new ArgumentException($"its counts and large sets multiply to more than {SchemaLimits.MaxPatternRepeats}.");
        return _output.ToString();
    }

    private void Literal(int codePoint)
    {
        if (codePoint < 0x10000)
            _output.Append(CodePointSet.Unit(codePoint));
        else
            _output.Append("(?:").Append(char.ConvertFromUtf32(codePoint)).Append(')');
    }

    private void Write(CodePointSet set)
    {
        var alternatives = set.Write(_output);
        if (alternatives == 0)
            throw new NotSupportedException("an empty class.");
        if (alternatives > 2)
            _alternatives += alternatives;
    }

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
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private void TranslateEscape()
    {
        if (_escapes.TryReadSet(ref _at) is { } set)
            Write(set);
        else
            Literal(_escapes.ReadCharacter(ref _at, inClass: false));
    }

    private void TranslateClass()
    {
        var isNegated = _at < _pattern.Length && _pattern[_at] == '^';
        _at += isNegated ? 1 : 0;
        var set = new CodePointSet();
        while (Next() is var c and not ']')
        {
            if (ReadMember(c, set) is not { } first)
                continue;
            var last = first;
            if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                last = ReadMember(Next(), set) ?? throw new ArgumentException("a range in '[' ends in a set.");
            }

            if (last < first)
                throw new ArgumentException("a range in '[' is upside down.");
            set.Add(first, last);
        }

        Write(isNegated ? set.Complement() : set);
    }

    /// <summary>One member of a class: a character, or null for a set, which it adds.</summary>
    private int? ReadMember(char c, CodePointSet set)
    {
        if (c != '\\')
            return EcmaEscapes.CodePointAt(_pattern, ref _at, c);
        if (_escapes.TryReadSet(ref _at) is not { } named)
            return _escapes.ReadCharacter(ref _at, inClass: true);
        set.Add(named);
        if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            throw new ArgumentException("a range in '[' begins with a set.");
        return null;
    }

    private char Next() => _at < _pattern.Length ? _pattern[_at++] : throw new ArgumentException("'[' has no end.");
}
