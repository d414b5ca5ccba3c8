namespace AgentRuntime.Slo;

/// <summary>Which seqs of a run were counted, as spans that do not touch. Usually there is one.</summary>
internal sealed class SeqSpans
{
    private readonly List<SeqSpan> _spans = [];

    /// <summary>The newest minute in which something was counted.</summary>
    public long LastMinute { get; private set; }

    public IReadOnlyList<SeqSpan> All => _spans;

    public bool Contains(long seq) => _spans.Exists(span => span.From <= seq && seq < span.To);

    /// <summary>The first seq that is not in it.</summary>
    public long FirstMissing => _spans is [{ From: 0 } first, ..] ? first.To : 0;

    public void Add(SeqSpan added, long minute)
    {
        LastMinute = Math.Max(LastMinute, minute);
        var (from, to) = (added.From, added.To);
        foreach (var span in _spans.Where(span => span.From <= to && from <= span.To))
        {
            from = Math.Min(from, span.From);
            to = Math.Max(to, span.To);
        }

        _spans.RemoveAll(span => span.From >= from && span.To <= to);
        _spans.Add(new SeqSpan(from, to));
        _spans.Sort(static (one, other) => one.From.CompareTo(other.From));
    }
}

/// <summary>Seqs from one to before another.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.slo.span")]
internal readonly record struct SeqSpan([property: Id(0)] long From, [property: Id(1)] long To);
