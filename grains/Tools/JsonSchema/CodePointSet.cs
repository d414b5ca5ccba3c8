using System.Text;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>A set of Unicode characters as ranges, written as a regular expression over UTF-16, where one may take two units.</summary>
internal sealed class CodePointSet
{
    private const int FirstPair = 0x10000;
    private const int LastPair = 0x10FFFF;

    private readonly List<(int First, int Last)> _ranges = [];

    public static CodePointSet Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var set = new CodePointSet();
        foreach (var (first, last) in ranges)
            set.Add(first, last);
        return set;
    }

    public void Add(int first, int last) => _ranges.Add((first, last));

    public void Add(CodePointSet other) => _ranges.AddRange(other._ranges);

    /// <summary>All characters that are not in this set. Halves of surrogate pairs are none.</summary>
    public CodePointSet Complement()
    {
        var others = new CodePointSet();
        var next = 0;
        foreach (var (first, last) in Merged().Append((0xD800, 0xDFFF)).Order())
        {
            if (first > next)
                others.Add(next, first - 1);
            next = Math.Max(next, last + 1);
        }

        if (next <= LastPair)
            others.Add(next, LastPair);
        return others;
    }

    /// <summary>Writes the set.</summary>
    /// <returns>How many alternatives it took; 0 when it is empty and nothing was written.</returns>
    public int Write(StringBuilder output)
    {
        var units = new StringBuilder();
        var seconds = new SortedDictionary<int, StringBuilder>();
        foreach (var (first, last) in Merged())
        {
            // Halves of pairs are no characters.
            AppendRange(units, first, Math.Min(last, 0xD7FF));
            AppendRange(units, Math.Max(first, 0xE000), Math.Min(last, FirstPair - 1));
            AddPairs(seconds, Math.Max(first, FirstPair) - FirstPair, last - FirstPair);
        }

        // First units that have the same second ones share an alternative.
        List<string> alternatives = [.. seconds.GroupBy(s => s.Value.ToString(), s => s.Key).Select(same => $"[{Ranges(same)}][{same.Key}]")];
        if (units.Length > 0)
            alternatives.Insert(0, $"[{units}]");
        if (alternatives.Count == 1 && seconds.Count == 0)
            output.Append(alternatives[0]);
        else if (alternatives.Count > 0)
            output.Append("(?:").AppendJoin('|', alternatives).Append(')');
        return alternatives.Count;
    }

    /// <summary>One UTF-16 unit as a regular expression.</summary>
    public static string Unit(int unit) => $"\\u{unit:x4}";

    private static void AddPairs(SortedDictionary<int, StringBuilder> seconds, int first, int last)
    {
        for (var high = first >> 10; first <= last && high <= last >> 10; high++)
        {
            var low = high == first >> 10 ? first & 0x3FF : 0;
            var end = high == last >> 10 ? last & 0x3FF : 0x3FF;
            if (!seconds.TryGetValue(0xD800 + high, out var ranges))
                seconds.Add(0xD800 + high, ranges = new StringBuilder());
            AppendRange(ranges, 0xDC00 + low, 0xDC00 + end);
        }
    }

    private static string Ranges(IEnumerable<int> units)
    {
        var set = new CodePointSet();
        foreach (var unit in units)
            set.Add(unit, unit);
        var text = new StringBuilder();
        foreach (var (first, last) in set.Merged())
            AppendRange(text, first, last);
        return text.ToString();
    }

    private static void AppendRange(StringBuilder output, int first, int last)
    {
        if (first > last)
            return;
        output.Append(Unit(first));
        if (last > first)
            output.Append('-').Append(Unit(last));
    }

    private List<(int First, int Last)> Merged()
    {
        var merged = new List<(int First, int Last)>();
        foreach (var (first, last) in _ranges.Order())
        {
            if (merged.Count > 0 && merged[^1].Last >= first - 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            else
                merged.Add((first, last));
        }

        return merged;
    }
}
