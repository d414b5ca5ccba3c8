using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Testing;

namespace AgentRuntime.Grains.Tests.Runs.Publishing;

public sealed class EndedRunsTests
{
    private const int Whole = 3;
    private static readonly TenantId Acme = TenantId.Parse("acme");

    [Fact]
    public async Task Close_ATenantFails_ClosesTheOthersAndSaysTheLag()
    {
        using var bench = new PublishingBench();
        bench.Troubles[Acme] = static () => throw new TimeoutException("Broken.");
        bench.End(Key("acme", 1), Whole);
        bench.Time.Advance(TimeSpan.FromSeconds(70));
        bench.End(Key("bolt", 1), Whole);
        bench.End(Key("coil", 1), 1);
        bench.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal([(Key("coil", 1), 1L)], Late(await CloseAsync(bench)));
        Assert.Equal(2, bench.Open);
        Assert.Equal(90, bench.Lag);

        bench.Troubles.Clear();
        await CloseAsync(bench);
        Assert.Equal(2, bench.Open);
        bench.Time.Advance(TenantTurns.Rest);
        await CloseAsync(bench);
        Assert.Equal(1, bench.Open);
        Assert.Equal(50, bench.Lag);
    }

    [Fact]
    public async Task Close_ATenantHangs_ClosesTheOthersAndLeavesItAloneForAWhile()
    {
        using var bench = new PublishingBench();
        var asked = new TaskCompletionSource();
        var calls = 0;
        bench.Troubles[Acme] = () =>
        {
            calls++;
            asked.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        for (var number = 0; number < 3; number++)
        {
            bench.End(Key("acme", number), Whole);
            bench.End(Key("bolt", number), Whole);
        }

        var round = CloseAsync(bench);
        await asked.Task.InTimeAsync();
        await Eventually.TrueAsync(() => Task.FromResult(bench.Open == 3), "the runs of the other are closed");
        bench.Time.Advance(TenantTurns.Deadline);
        await round.InTimeAsync();
        Assert.Equal(TenantTurns.Deadline.TotalSeconds, bench.Lag);

        bench.End(Key("bolt", 9), Whole);
        await CloseAsync(bench).InTimeAsync();
        Assert.Equal((3, 1), (bench.Open, calls));
    }

    [Fact]
    public async Task Close_ManyThatCannotBeClosed_HideNoneBehindThem()
    {
        using var bench = new PublishingBench { StorePage = 10 };
        for (var number = 0; number < 200; number++) bench.End(Key("acme", number), 0);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        bench.End(Key("bolt", 1), Whole);
        for (var round = 0; round < 6; round++) await CloseAsync(bench);
        Assert.Equal(200, bench.Open);
        Assert.Equal(1, bench.Lag);
    }

    [Fact]
    public async Task Close_TheStoreIsDown_SaysTheLagAndBeginsAnew()
    {
        using var bench = new PublishingBench();
        bench.End(Key("acme", 1), Whole);
        bench.IsStoreDown = true;
        await Assert.ThrowsAsync<TimeoutException>(() => CloseAsync(bench));
        bench.Time.Advance(TimeSpan.FromSeconds(70));
        await Assert.ThrowsAsync<TimeoutException>(() => CloseAsync(bench));
        Assert.Equal(70, bench.Lag);
        bench.IsStoreDown = false;
        await CloseAsync(bench);
        Assert.Equal((0, 0.0), (bench.Open, bench.Lag));
    }

    private static RunKey Key(string tenant, int number) => PublishingBench.Key(tenant, number);

    private static Task<List<(RunMark Run, long From)>> CloseAsync(PublishingBench bench) => bench.Ended.CloseAsync(PollerShare.Whole, TestContext.Current.CancellationToken);

    private static IEnumerable<(RunKey, long)> Late(IEnumerable<(RunMark Run, long From)> late) => late.Select(static each => (each.Run.Run, each.From));
}
