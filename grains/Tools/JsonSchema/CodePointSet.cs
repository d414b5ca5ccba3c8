namespace AgentRuntime.Tools.JsonSchema;

/// <summary>A set of Unicode characters as ranges. Halves of surrogate pairs are no characters.</summary>
internal sealed class CodePointSet
{
    private const int Last = 0x10FFFF;

    private readonly List<(int First, int Last)> _added = [];
    private (int First, int Last)[]? _ranges;

    /// <summary>The ranges in order; none touches the next.</summary>
    public IReadOnlyList<(int First, int Last)> Ranges => _ranges ??= [.. Merge()];

    public static CodePointSet Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var set = new CodePointSet();
        foreach (var (first, last) in ranges)
            set.Add(first, last);
        return set;
    }

    public void Add(int first, int last)
    {
        _ranges = null;
        if (first < 0xD800)
            _added.Add((first, Math.Min(last, 0xD7FF)));
        if (last > 0xDFFF)
            _added.Add((Math.Max(first, 0xE000), last));
    }

    public void Add(CodePointSet other)
    {
        _ranges = null;
        _added.AddRange(other.Ranges);
    }

    /// <summary>All characters that are not in this set.</summary>
    public CodePointSet Complement()
    {
        var others = new CodePointSet();
        var next = 0;
        foreach (var (first, last) in Ranges)
        {
            if (first > next)
                others.Add(next, first - 1);
            next = last + 1;
        }

        if (next <= Last)
            others.Add(next, Last);
        return others;
    }

    public bool Contains(int codePoint)
    {
        var (low, high) = (0, Ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var (first, last) = Ranges[middle];
            if (codePoint < first)
                high = middle - 1;
            else if (codePoint > last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    private List<(int First, int Last)> Merge()
    {
        var merged = new List<(int First, int Last)>();
        foreach (var (first, last) in _added.Order())
        {
            if (merged.Count > 0 && merged[^1].Last >= first - 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            else
                merged.Add((first, last));
        }

        return merged;
    }
}
