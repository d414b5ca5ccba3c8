using AgentRuntime.Common;
using AgentRuntime.Runs.Driving;

namespace AgentRuntime.Grains.Tests.Runs.Driving;

public sealed class FaultStreakTests
{
    private readonly FaultStreak _streak = new();

    [Fact]
    public void Add_EqualFaultsWithoutProgress_AreHopelessAtTheLimit()
    {
        for (var i = 1; i < FaultStreak.MaxEqual; i++) Assert.False(_streak.Add(new ArgumentException("a"), hasProgressed: i == 1));
        Assert.True(_streak.Add(new ArgumentException("b"), hasProgressed: false));
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public void Add_FaultsThatPass_AreNeverHopeless(Exception fault)
    {
        for (var i = 0; i < 100; i++) Assert.False(_streak.Add(fault, hasProgressed: false));
        Assert.Equal(100, _streak.Count);
    }

    [Fact]
    public void Add_ProgressAnotherFaultOrAGoodDrive_BeginsAnew()
    {
        Fail(FaultStreak.MaxEqual - 1);
        Assert.False(_streak.Add(new ArgumentException("a"), hasProgressed: true));
        Fail(FaultStreak.MaxEqual - 2);
        Assert.False(_streak.Add(new FormatException(), hasProgressed: false));
        Fail(FaultStreak.MaxEqual - 1);
        _streak.End();
        Assert.Equal(0, _streak.Count);
        Fail(FaultStreak.MaxEqual - 1);

        void Fail(int times)
        {
            for (var i = 0; i < times; i++) Assert.False(_streak.Add(new ArgumentException("a"), hasProgressed: false));
        }
    }

    public static TheoryData<Exception> Passing() =>
    [
        new AgentRuntimeException(ErrorCode.Unavailable, "down", isTransient: true),
        new AgentRuntimeException(ErrorCode.StorageCorrupted, "damaged"),
        new TimeoutException(),
        new IOException(),
        new OrleansException("a silo is gone"),
    ];
}
