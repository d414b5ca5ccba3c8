using AgentRuntime.FrontDoor.Overload;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Overload;

public sealed class FairGateTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Enter_WhileThereIsRoom_LetsOneCallerUseWhatNobodyElseWants()
    {
        var gate = Gate(inside: 16, waiting: 4);
        for (var i = 0; i < 14; i++) Assert.Equal(Entry.Granted, await Enter(gate, "a"));
        Assert.False(Enter(gate, "a").IsCompleted);

        // The last eighth stays free for others, even when all calls of one caller hang.
        Assert.Equal(Entry.Granted, await Enter(gate, "b"));
    }

    [Fact]
    public async Task Leave_WithSeveralWaiting_LetsInWhoHasTheFewestInside()
    {
        var gate = Gate(inside: 8, waiting: 8);
        for (var i = 0; i < 7; i++) await Enter(gate, "noisy");
        await Enter(gate, "quiet");
        var noisy = Enter(gate, "noisy");
        var quiet = Enter(gate, "quiet");

        gate.Leave(CallerLane.Of("noisy"));

        Assert.Equal(Entry.Granted, await quiet);
        Assert.False(noisy.IsCompleted);
        gate.Leave(CallerLane.Of("quiet"));
        gate.Leave(CallerLane.Of("quiet"));
        Assert.Equal(Entry.Granted, await noisy);
    }

    [Fact]
    public async Task Enter_WhenTooManyWait_SendsAwayTheNewestOfWhoHasTheMostWaiting()
    {
        var gate = Gate(inside: 1, waiting: 3);
        await Enter(gate, "noisy");
        var first = Enter(gate, "noisy");
        var second = Enter(gate, "noisy");
        var third = Enter(gate, "noisy");
        Assert.Equal(Entry.Full, await Enter(gate, "noisy"));

        var quiet = Enter(gate, "quiet");

        Assert.Equal(Entry.Full, await third);
        Assert.False(first.IsCompleted || second.IsCompleted || quiet.IsCompleted);
        gate.Leave(CallerLane.Of("noisy"));
        Assert.Equal(Entry.Granted, await await Task.WhenAny(first, quiet));
    }

    [Fact]
    public async Task Enter_WhoseTurnDoesNotCome_IsLateAndLeavesNoTrace()
    {
        var gate = Gate(inside: 1, waiting: 1);
        await Enter(gate, "a");
        var waits = Enter(gate, "b");

        _time.Advance(MaxWait);

        Assert.Equal(Entry.Late, await waits);
        var next = Enter(gate, "c");
        gate.Leave(CallerLane.Of("a"));
        Assert.Equal(Entry.Granted, await next);
    }

    [Fact]
    public async Task Enter_OfWhoHasGone_GivesThePlaceInTheQueueBack()
    {
        var gate = Gate(inside: 1, waiting: 1);
        await Enter(gate, "a");
        using var call = new CancellationTokenSource();
        var waits = gate.EnterAsync(CallerLane.Of("b"), call.Token).AsTask();

        await call.CancelAsync();

        Assert.Equal(Entry.Late, await waits);
        Assert.False(Enter(gate, "c").IsCompleted);
    }

    [Fact]
    public async Task Share_WithManyLanes_HasNoMoreThanOneCallerHas()
    {
        var gate = Gate(inside: 8, waiting: 3);
        for (var i = 0; i < 7; i++) Assert.Equal(Entry.Granted, await Enter(gate, new CallerLane("?", $"{i}")));
        var waits = Enumerable.Range(7, 3).Select(i => Enter(gate, new CallerLane("?", $"{i}"))).ToList();
        Assert.DoesNotContain(waits, each => each.IsCompleted);
        Assert.Equal(Entry.Granted, await Enter(gate, "tenant"));

        // One of its lanes makes way for a tenant who waits, and none goes before that one.
        var tenant = Enter(gate, "tenant");
        Assert.Equal(Entry.Full, await await Task.WhenAny(waits));
        gate.Leave(CallerLane.Of("tenant"));
        Assert.Equal(Entry.Granted, await tenant);
    }

    [Fact]
    public async Task Share_WithManyLanes_IsDividedAmongThem()
    {
        var gate = Gate(inside: 1, waiting: 3);
        var (loud, soft) = (new CallerLane("?", "loud"), new CallerLane("?", "soft"));
        await Enter(gate, loud);
        var waits = Enumerable.Range(0, 3).Select(_ => Enter(gate, loud)).ToList();

        var other = Enter(gate, soft);

        Assert.Equal(Entry.Full, await waits[2]);
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public async Task TryMove_ToAShareThatHasAllItMayHave_IsRefusedAndElseFreesAPlaceOfTheOther()
    {
        var gate = Gate(inside: 8, waiting: 8);
        var (unknown, tenant) = (new CallerLane("?", "here"), CallerLane.Of("tenant"));
        for (var i = 0; i < 7; i++) await Enter(gate, unknown);
        var eighth = Enter(gate, unknown);
        Assert.False(eighth.IsCompleted);

        Assert.True(gate.TryMove(unknown, tenant));
        Assert.Equal(Entry.Granted, await eighth);
        for (var i = 0; i < 6; i++) Assert.True(gate.TryMove(unknown, tenant));

        Assert.False(gate.TryMove(unknown, tenant));
        gate.Leave(tenant);
        Assert.True(gate.TryMove(unknown, tenant));
    }

    [Fact]
    public async Task Gate_AfterManyCallersAtOnce_HasAllItsPlacesAgain()
    {
        var gate = new FairGate(8, 16, TimeSpan.FromSeconds(30), TimeProvider.System);
        var (inside, most, refused) = (0, 0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, stop) =>
        {
            var caller = $"caller-{i % 7}";
            if (await gate.EnterAsync(CallerLane.Of(caller), stop) != Entry.Granted)
            {
                Interlocked.Increment(ref refused);
                return;
            }

            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            gate.Leave(CallerLane.Of(caller));
        });

        // How many of the places were seen taken at one moment is the machine's business; that there are no more, and all of them again, is the gate's.
        Assert.InRange(most, 1, 8);
        Assert.InRange(refused, 1, 19_999);
        for (var i = 0; i < 8; i++) Assert.Equal(Entry.Granted, await Enter(gate, $"after-{i}"));
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
            if (Interlocked.CompareExchange(ref most, now, seen) == seen) return;
    }

    private static Task<Entry> Enter(FairGate gate, string caller) => Enter(gate, CallerLane.Of(caller));

    private static Task<Entry> Enter(FairGate gate, CallerLane lane) => gate.EnterAsync(lane, TestContext.Current.CancellationToken).AsTask();

    private FairGate Gate(int inside, int waiting) => new(inside, waiting, MaxWait, _time);
}
