namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// The characters beyond U+FFFF, sorted by which sets of one pattern hold them. Each class gets a unit of its own out of those that text
/// uses only in pairs. So a pattern and a text come to have one unit for each character, which is how ECMA-262 counts with flag u, and the
/// engine of .NET does not.
/// </summary>
internal sealed class PairClasses
{
    private const int FirstPair = 0x10000;
    private const int MaxClasses = 2_048;

    private readonly int[] _starts;
    private readonly char[] _units;

    /// <exception cref="ArgumentException">There are more classes than units.</exception>
    public PairClasses(IReadOnlyCollection<CodePointSet> sets)
    {
        var starts = new SortedSet<int> { FirstPair };
        foreach (var (first, last) in sets.SelectMany(s => s.Ranges).Where(r => r.Last >= FirstPair))
        {
            starts.Add(Math.Max(first, FirstPair));
            if (last < 0x10FFFF)
                starts.Add(last + 1);
        }

        var classes = new Dictionary<string, int>(StringComparer.Ordinal);
        _starts = [.. starts];
        _units = new char[_starts.Length];
        for (var i = 0; i < _starts.Length; i++)
        {
            var holders = string.Concat(sets.Select(s => s.Contains(_starts[i]) ? '1' : '0'));
            if (!classes.TryGetValue(holders, out var number))
                classes.Add(holders, number = classes.Count);
            _units[i] = (char)(0xD800 + number);
        }

        if (classes.Count > MaxClasses)
            throw new ArgumentException("it tells apart too many sets of characters beyond U+FFFF.");
    }

    /// <summary>The units of the classes that a set holds, in order.</summary>
    public IEnumerable<char> UnitsOf(CodePointSet set) => _starts.Zip(_units).Where(s => set.Contains(s.First)).Select(s => s.Second).Distinct().Order();

    /// <summary>Writes a text with one unit for each character; returns how many there are.</summary>
    public int Translate(ReadOnlySpan<char> text, Span<char> units)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                units[count++] = UnitOf(char.ConvertToUtf32(text[i], text[++i]));
            else
                units[count++] = text[i];
        }

        return count;
    }

    private char UnitOf(int codePoint)
    {
        var at = Array.BinarySearch(_starts, codePoint);
        return _units[at >= 0 ? at : ~at - 1];
    }
}
