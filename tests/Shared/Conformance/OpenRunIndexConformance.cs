using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What every index of open runs must do, on a store of its own.</summary>
public abstract class OpenRunIndexConformance
{
    private protected abstract IRunJournal Journal { get; }

    private protected abstract IOpenRunIndex Index { get; }

    [Fact]
    public async Task FindOrphansAsync_GivesRunnableRunsOfDeadOwnersOldestFirst()
    {
        var dead = await StartAsync("silo-dead");
        await StartAsync("silo-live");
        var nobodys = await StartAsync("silo-live");
        await Journal.TryChangeRowAsync(nobodys, "silo-live", OwnedBy("silo-live") with { Owner = null });
        var alsoDead = await StartAsync("silo-also-dead");
        var waiting = await StartAsync("silo-dead");
        await Journal.AppendAsync(Next(waiting, 1, Waiting()));
        var closed = await StartAsync("silo-dead");
        await Journal.AppendAsync(Next(closed, 1, Closed()));

        Assert.Equal([dead, nobodys, alsoDead], await OrphansAsync(["silo-live"]));
        Assert.Equal([dead, nobodys], await OrphansAsync(["silo-live"], limit: 2));
        Assert.Equal([nobodys], await OrphansAsync(["silo-live", "silo-dead", "silo-also-dead"]));
        Assert.Equal(4, (await OrphansAsync([])).Count);
    }

    [Fact]
    public async Task FindOrphansAsync_TakenOver_IsGone()
    {
        var run = await StartAsync("silo-dead");
        Assert.Equal([run], await OrphansAsync(["silo-live"]));

        await Journal.TryChangeRowAsync(run, "silo-dead", OwnedBy("silo-live"));

        Assert.Empty(await OrphansAsync(["silo-live"]));
    }

    [Fact]
    public async Task FindOrphansAsync_Shares_PartitionTheRuns()
    {
        var runs = new List<RunKey>();
        for (var i = 0; i < 30; i++)
            runs.Add(await StartAsync("silo-dead"));

        var shares = await Task.WhenAll(Enumerable.Range(0, 3).Select(rank => OrphansAsync([], new PollerShare(rank, 3))));

        Assert.All(shares, Assert.NotEmpty);
        Assert.Equal(runs.Select(run => run.ToString()).Order(), shares.SelectMany(share => share).Select(run => run.ToString()).Order());
    }

    [Fact]
    public async Task FindHeldAsync_GivesWhatAnOwnerHoldsAndDoesNotDrive_HoweverManyOlderItDrives()
    {
        var driven = new HashSet<RunKey>();
        for (var i = 0; i < 10; i++) driven.Add(await StartAsync("silo-1"));
        await StartAsync("silo-10");
        await StartAsync("silo-");
        var waiting = await StartAsync("silo-1");
        await Journal.AppendAsync(Next(waiting, 1, Waiting(Now)));
        var (left, also) = (await StartAsync("silo-1"), await StartAsync("silo-1"));

        Assert.Equal([left, also], await HeldAsync(limit: 2));
        Assert.Equal([left], await HeldAsync(limit: 1));
        driven.UnionWith([left, also]);
        Assert.Empty(await HeldAsync(limit: 2));

        Task<IReadOnlyList<RunKey>> HeldAsync(int limit) => Index.FindHeldAsync("silo-1", driven.Contains, limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task FindDueAsync_GivesWaitingRunsThatAreDueMostOverdueFirst()
    {
        var soon = await StartWaitingAsync(Now.AddSeconds(1));
        var late = await StartWaitingAsync(Now.AddSeconds(-10));
        var now = await StartWaitingAsync(Now);
        await StartWaitingAsync(null);
        var closed = await StartWaitingAsync(Now.AddSeconds(-20));
        await Journal.AppendAsync(Next(closed, 2, Closed()));

        Assert.Equal([late, now], await DueAsync(Now));
        Assert.Equal([late], await DueAsync(Now, limit: 1));
        Assert.Equal([late, now, soon], await DueAsync(Now.AddSeconds(1)));
    }

    [Fact]
    public async Task FindDueAsync_Shares_PartitionTheRuns()
    {
        for (var i = 0; i < 20; i++)
            await StartWaitingAsync(Now);

        var first = await Index.FindDueAsync(Now, new PollerShare(0, 2), 100, TestContext.Current.CancellationToken);
        var second = await Index.FindDueAsync(Now, new PollerShare(1, 2), 100, TestContext.Current.CancellationToken);

        Assert.Equal(20, first.Count + second.Count);
        Assert.NotEmpty(first);
        Assert.Empty(first.Intersect(second));
    }

    private async Task<RunKey> StartAsync(string owner)
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run, owner: owner));
        return run;
    }

    private async Task<RunKey> StartWaitingAsync(DateTimeOffset? wakeAt)
    {
        var run = await StartAsync("silo-1");
        await Journal.AppendAsync(Next(run, 1, Waiting(wakeAt)));
        return run;
    }

    private Task<IReadOnlyList<RunKey>> OrphansAsync(string[] live, PollerShare? share = null, int limit = 100) =>
        Index.FindOrphansAsync(live, share ?? PollerShare.Whole, limit, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<RunKey>> DueAsync(DateTimeOffset now, int limit = 100) =>
        Index.FindDueAsync(now, PollerShare.Whole, limit, TestContext.Current.CancellationToken);
}
