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
    private readonly EcmaEscapes _escapes;

    // Sets are written last, when all are known; the rest is text of the result.
    private readonly List<(string Text, CodePointSet? Set)> _parts = [];

    // The automaton is about as large as the product: a count repeats what stands before it.
    private long _repeats = 1;

    // Places in the pattern, each as often as counts repeat it: of the open groups around, of this group so far, and of what a count would repeat.
    private readonly Stack<long> _outer = [];
    private long _places;
    private long _lastPlaces;
    private int _at;

    private EcmaPattern(string pattern)
    {
        _pattern = pattern;
        _escapes = new EcmaEscapes(pattern);
    }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="room">Characters that patterns may still take when their sets are written out; less by what this one took.</param>
    /// <exception cref="ArgumentException">The pattern is malformed or too large.</exception>
    /// <exception cref="NotSupportedException">It uses what is not supported; the message names it.</exception>
    public static SchemaPattern Compile(string pattern, ref int room)
    {
        if (pattern.Length > SchemaLimits.MaxPatternChars)
            throw new ArgumentException($"it is longer than {SchemaLimits.MaxPatternChars} characters.");
        var ecma = new EcmaPattern(pattern);
        ecma.Read();
        var pairs = new PairClasses([.. ecma._parts.Select(p => p.Set).OfType<CodePointSet>().Distinct()]);
        var text = ecma.Write(pairs);
        room -= text.Length;
        if (room < 0)
            throw new ArgumentException("its sets of characters are too large, together with those of the patterns before it.");
        return new SchemaPattern(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), pairs, ecma._places);
    }

    private void Read()
    {
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at++];
            switch (c)
            {
                case '\\':
                    Add(_escapes.TryReadSet(ref _at) ?? One(_escapes.ReadCharacter(ref _at, inClass: false)));
                    break;
                case '[':
                    ReadClass();
                    break;
                case '(':
                    ReadGroup();
                    break;
                case '{':
                    ReadCount();
                    break;
                case '.':
                    Add(EcmaEscapes.NoLineEnds);
                    break;
                case '$':
                    Add(@"\z");
                    break;
                case ']' or '}':
                    throw new ArgumentException($"'{c}' has no beginning.");
                case ')':
                    Add(")");
                    Place(_places, _outer.TryPop(out var outside) ? outside : 0);
                    break;
                case '^' or '|' or '*' or '+' or '?':
                    Add(c.ToString());
                    break;
                default:
                    Add(One(EcmaEscapes.CodePointAt(_pattern, ref _at, c)));
                    break;
            }
        }
    }

    private string Write(PairClasses pairs)
    {
        var output = new StringBuilder();
        foreach (var (text, set) in _parts)
        {
            if (set is null)
            {
                output.Append(text);
                continue;
            }

            output.Append('[');
            foreach (var (first, last) in set.Ranges.Where(r => r.First < 0x10000))
            {
                output.Append(Unit(first));
                if (last > first)
                    output.Append('-').Append(Unit(Math.Min(last, 0xFFFF)));
            }

            foreach (var unit in pairs.UnitsOf(set))
                output.Append(Unit(unit));
            output.Append(']');
        }

        return output.ToString();
    }

    private static string Unit(int unit) => unit < 128 && char.IsAsciiLetterOrDigit((char)unit) ? ((char)unit).ToString() : $"\\u{unit:x4}";

    private static CodePointSet One(int codePoint) => CodePointSet.Of((codePoint, codePoint));

    private void Add(string text) => _parts.Add((text, null));

    private void Add(CodePointSet set)
    {
        _parts.Add(("", set.Ranges.Count > 0 ? set : throw new NotSupportedException("an empty class.")));
        Place(1, _places);
    }

    private void Place(long places, long before) => (_lastPlaces, _places) = (places, before + places);

    private void ReadGroup()
    {
        Add("(?:");
        _outer.Push(_places);
        _places = 0;
        if (_at >= _pattern.Length || _pattern[_at] != '?')
            return;
        var rest = _pattern.AsSpan(_at);
        if (rest.StartsWith("?:"))
            _at += 2;
        else if (rest.StartsWith("?<") && !rest.StartsWith("?<=") && !rest.StartsWith("?<!") && rest.IndexOf('>') is var end and > 0)
            _at += end + 1;
        else
            throw new NotSupportedException($"'({rest[..Math.Min(3, rest.Length)]}' (look-around and inline flags).");
    }

    private void ReadCount()
    {
        var end = _pattern.IndexOf('}', _at);
        var parts = end < 0 ? [] : _pattern[_at..end].Split(',');
        if (parts.Length is 0 or > 2 || !TryCount(parts[0], out var count) || (parts.Length == 2 && parts[1].Length > 0 && !TryCount(parts[1], out count)))
            throw new ArgumentException("'{' does not begin a count.");
        _repeats *= Math.Max(1, count);
        if (_repeats > SchemaLimits.MaxPatternRepeats)
            throw new ArgumentException($"its counts multiply to more than {SchemaLimits.MaxPatternRepeats}.");
        Place(_lastPlaces * Math.Max(1, count), _places - _lastPlaces);
        Add(_pattern[(_at - 1)..(end + 1)]);
        _at = end + 1;
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private void ReadClass()
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

        Add(isNegated ? set.Complement() : set);
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
