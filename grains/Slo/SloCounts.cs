using AgentRuntime.Events;

namespace AgentRuntime.Slo;

/// <summary>
/// Counts by minute, and which records are in them. A run is remembered as long as one of its counted minutes is kept: records of older minutes are not
/// counted whether they are new or not, so that forgetting it counts nothing twice.
/// </summary>
internal sealed class SloCounts
{
    /// <summary>Runs that are remembered. With more in the kept minutes the oldest minutes go.</summary>
    public const int MaxRuns = 50_000;

    /// <summary>What clocks may be ahead. A later record counts as of then.</summary>
    private const int MaxMinutesAhead = 5;

    private readonly SortedDictionary<long, Dictionary<string, long>> _minutes = [];
    private readonly Dictionary<string, SeqSpans> _runs = new(StringComparer.Ordinal);

    /// <summary>Minutes before it are not counted.</summary>
    public long Floor { get; private set; }

    public static SloCounts Of(SloCheckpoint checkpoint)
    {
        var counts = new SloCounts();
        counts.Apply(checkpoint.Floor, checkpoint.Spans, checkpoint.Counts);
        return counts;
    }

    public static long MinuteOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;

    /// <summary>What of a batch is not counted yet; null when all of it is. Changes nothing.</summary>
    public SloSegment? FindNew(EventBatch batch, long number, DateTimeOffset now)
    {
        var floor = Math.Max(Floor, MinuteOf(now) - ISloGrain.KeptMinutes);
        List<CountedSpan> spans = [];
        var counts = new Dictionary<(long Minute, string Type), long>();
        foreach (var (run, events) in EventBatchRules.ByRun(batch))
        {
            var known = _runs.GetValueOrDefault(run);
            foreach (var each in events.DistinctBy(static each => each.Seq).Where(each => known?.Contains(each.Seq) != true))
            {
                var minute = Math.Min(MinuteOf(each.Time), MinuteOf(now) + MaxMinutesAhead);
                Join(spans, run, each.Seq, minute);
                if (minute >= floor) counts[(minute, each.Type)] = counts.GetValueOrDefault((minute, each.Type)) + 1;
            }
        }

        if (spans.Count == 0) return null;
        return new SloSegment
        {
            Number = number, Floor = floor, Spans = [.. spans], Counts = [.. counts.Select(static each => new MinuteCount(each.Key.Minute, each.Key.Type, each.Value))],
        };
    }

    public void Apply(SloSegment segment) => Apply(segment.Floor, segment.Spans, segment.Counts);

    /// <summary>The first seq of a run that has to be counted still; more than its last when none has.</summary>
    public long FindMissing(RunHead head)
    {
        // Of a run that goes on, what is missing is asked for when it ends.
        if (head.EndedAt is not { } ended || MinuteOf(ended) < Floor) return head.LastSeq + 1;
        return _runs.TryGetValue(head.Run, out var spans) ? spans.FirstMissing : 0;
    }

    public IReadOnlyList<MinuteCounts> ToView(DateTimeOffset now) =>
    [
        .. _minutes.Where(minute => minute.Key >= MinuteOf(now) - ISloGrain.KeptMinutes)
            .Select(static minute => new MinuteCounts(DateTimeOffset.FromUnixTimeSeconds(minute.Key * 60), new Dictionary<string, long>(minute.Value))),
    ];

    public SloCheckpoint ToCheckpoint(long nextSegment) => new()
    {
        NextSegment = nextSegment,
        Floor = Floor,
        Spans = [.. _runs.SelectMany(static run => run.Value.All.Select(span => new CountedSpan(run.Key, span, run.Value.LastMinute)))],
        Counts = [.. _minutes.SelectMany(static minute => minute.Value.Select(type => new MinuteCount(minute.Key, type.Key, type.Value)))],
    };

    private void Apply(long floor, CountedSpan[] spans, MinuteCount[] counts)
    {
        foreach (var counted in spans)
        {
            if (!_runs.TryGetValue(counted.Run, out var known))
            {
                if (counted.LastMinute < Math.Max(Floor, floor)) continue;
                _runs[counted.Run] = known = new SeqSpans();
            }

            known.Add(counted.Span, counted.LastMinute);
        }

        foreach (var count in counts)
        {
            if (!_minutes.TryGetValue(count.Minute, out var types)) _minutes[count.Minute] = types = new Dictionary<string, long>(StringComparer.Ordinal);
            types[count.Type] = types.GetValueOrDefault(count.Type) + count.Records;
        }

        Forget(Math.Max(Floor, floor));
        while (_runs.Count > MaxRuns) Forget(_runs.Values.Min(static run => run.LastMinute) + 1);
    }

    private void Forget(long floor)
    {
        if (floor <= Floor) return;
        Floor = floor;
        foreach (var minute in _minutes.Keys.TakeWhile(minute => minute < floor).ToList()) _minutes.Remove(minute);
        foreach (var run in _runs.Where(run => run.Value.LastMinute < floor).Select(static run => run.Key).ToList()) _runs.Remove(run);
    }

    private static void Join(List<CountedSpan> spans, string run, long seq, long minute)
    {
        if (spans is [.., var last] && last.Run == run && last.Span.To == seq)
            spans[^1] = last with { Span = last.Span with { To = seq + 1 }, LastMinute = Math.Max(last.LastMinute, minute) };
        else
            spans.Add(new CountedSpan(run, new SeqSpan(seq, seq + 1), minute));
    }
}
