using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Slo;

namespace AgentRuntime.Grains.Tests.Slo;

public sealed class SloCountsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 30, TimeSpan.Zero);
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    private readonly SloCounts _counts = new();
    private long _segments;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FindNew_AnyOrderAndRepetition_CountsEachOnce(int seed)
    {
        var arrivals = Enumerable.Range(0, 100).SelectMany(static seq => new[] { seq, seq }).ToArray();
        new Random(seed).Shuffle(arrivals);
        foreach (var some in arrivals.Chunk(9)) Take(Start, Batch("run", [.. some]));
        Assert.Equal(100, Total(Start));
        Assert.Equal(100, _counts.FindMissing(new RunHead("run", 99, Start)));
    }

    [Fact]
    public void FindNew_AllCounted_IsNothing()
    {
        Take(Start, Batch("run", 0, 1));
        Assert.Null(_counts.FindNew(Batch("run", 1, 0), 2, Start));
    }

    [Fact]
    public void FindNew_OfARunThatIsForgotten_IsNotCountedAgain()
    {
        Take(Start, Batch("run", 0, 1));
        var later = Start.AddMinutes(ISloGrain.KeptMinutes + 1);
        Take(later, Batch("other", later, 0));
        Take(later, Batch("run", 0, 1));
        Assert.Equal(1, Total(later));
        Assert.Equal(2, _counts.FindMissing(new RunHead("run", 1, Start)));
    }

    [Fact]
    public void FindMissing_OfARunThatEnded_IsTheFirstGap()
    {
        Take(Start, Batch("run", 0, 1, 3));
        Assert.Equal(2, _counts.FindMissing(new RunHead("run", 3, Start)));
        Assert.Equal(0, _counts.FindMissing(new RunHead("unknown", 3, Start)));
        Assert.Equal(4, _counts.FindMissing(new RunHead("unknown", 3, EndedAt: null)));
    }

    [Fact]
    public void Of_ACheckpoint_IsTheSame()
    {
        Take(Start, Batch("run", 0, 1, 3), Batch("other", Start.AddMinutes(1), 0));
        var restored = SloCounts.Of(_counts.ToCheckpoint(7));
        Assert.Equal(_counts.ToView(Start).Select(static minute => (minute.Minute, minute.Steps)), restored.ToView(Start).Select(static minute => (minute.Minute, minute.Steps)));
        Assert.Null(restored.FindNew(Batch("run", 3), 8, Start));
        Assert.NotNull(restored.FindNew(Batch("run", 2), 8, Start));
    }

    [Fact]
    public void Apply_MoreRunsThanAreRemembered_ForgetsTheOldestMinute()
    {
        foreach (var (some, minute) in Enumerable.Range(0, SloCounts.MaxRuns + 1).Chunk(1000).Select(static (some, minute) => (some, minute)))
        {
            var at = Start.AddMinutes(minute);
            Take(at, [.. some.Select(number => Batch($"run-{number}", at, 0))]);
        }

        var first = Batch("run-0", 0);
        Assert.True(_counts.Floor > SloCounts.MinuteOf(Start));
        Take(Start.AddMinutes(50), first);
        Assert.Equal(SloCounts.MaxRuns - 999, Total(Start.AddMinutes(50)));
    }

    private long Total(DateTimeOffset now) => _counts.ToView(now).Sum(static minute => minute.Steps);

    private void Take(DateTimeOffset now, params EventBatch[] batches)
    {
        foreach (var batch in batches)
        {
            if (_counts.FindNew(batch, ++_segments, now) is { } segment) _counts.Apply(segment);
        }
    }

    private static EventBatch Batch(string run, params int[] seqs) => Batch(run, Start, seqs);

    private static EventBatch Batch(string run, DateTimeOffset at, params int[] seqs) => new(
        Tenant, [new RunEvents(run, "agent", [.. seqs.Select(seq => new RunEvent(seq, EventTypes.ModelReplied, at, new byte[RunEvent.HashBytes]))])]);
}
