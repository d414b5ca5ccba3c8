using AgentRuntime.Audit;
using AgentRuntime.Events;

namespace AgentRuntime.Grains.Tests.Audit;

public sealed class AuditAdmissionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Admit_AnyOrderAndRepetition_IndexesEachOnce(int seed)
    {
        const int Count = 200;
        var random = new Random(seed);
        var (state, pages) = (new AuditRunState(), new List<byte[]>());
        var arrivals = Enumerable.Range(0, Count).Concat(Enumerable.Range(0, Count)).ToArray();
        random.Shuffle(arrivals);
        foreach (var some in arrivals.Concat(Enumerable.Range(0, Count)).Chunk(7))
        {
            var change = AuditAdmission.Admit(state, some.Where(seq => seq >= state.TailFrom).Select(seq => Event(seq, isEnd: seq == Count - 1)));
            Assert.Empty(change.Conflicts);
            pages.AddRange(change.Pages);
            state = change.After;
        }

        Assert.Equal((Count, true), (state.Next, state.IsWhole));
        Assert.Empty(state.Parked);
        Assert.Equal(Enumerable.Range(0, Count).SelectMany(Hash), pages.SelectMany(static page => page).Concat(state.Tail));
        Assert.All(pages, static page => Assert.Equal(AuditRunState.PageHashes * RunEvent.HashBytes, page.Length));
    }

    [Fact]
    public void Admit_KnownRecord_ChangesNothing()
    {
        var state = AuditAdmission.Admit(new AuditRunState(), [Event(0), Event(1), Event(5)]).After;
        Assert.Same(state, AuditAdmission.Admit(state, [Event(0), Event(1), Event(5)]).After);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Admit_AnotherHash_IsAConflictAndTheFirstStays(long seq)
    {
        var state = AuditAdmission.Admit(new AuditRunState(), [Event(0), Event(1), Event(5)]).After;
        var change = AuditAdmission.Admit(state, [Event(seq) with { Hash = Hash(99) }]);
        Assert.Equal([seq], change.Conflicts);
        Assert.Equal(state with { Conflicts = 1, Parked = change.After.Parked, Tail = change.After.Tail }, change.After);
        Assert.Equal(state.Tail, change.After.Tail);
        Assert.Equal(Hash(5), change.After.Parked.Single().Hash);
    }

    [Fact]
    public void Admit_ARecordAfterTheEnd_IsAConflict()
    {
        var state = AuditAdmission.Admit(new AuditRunState(), [Event(0), Event(1, isEnd: true)]).After;
        Assert.Equal([2L], AuditAdmission.Admit(state, [Event(2)]).Conflicts);
    }

    [Fact]
    public void Admit_TooManyThatWait_LeavesTheRestAndStillTakesWhatClosesTheGap()
    {
        var change = AuditAdmission.Admit(new AuditRunState(), Enumerable.Range(1, AuditAdmission.MaxParked + 10).Select(seq => Event(seq)));
        Assert.Equal((AuditAdmission.MaxParked, 10), (change.After.Parked.Length, change.Left));
        var after = AuditAdmission.Admit(change.After, [Event(0)]).After;
        Assert.Equal((AuditAdmission.MaxParked + 1, 0), (after.Next, after.Parked.Length));
    }

    private static SeenRecord Event(long seq, bool isEnd = false) => new(seq, Hash((int)seq), isEnd);

    private static byte[] Hash(int seq) => [.. Enumerable.Repeat((byte)seq, RunEvent.HashBytes)];
}
