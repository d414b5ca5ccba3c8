using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What every catalog of runs must do, on a store of its own.</summary>
public abstract class RunCatalogConformance
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private protected abstract IRunJournal Journal { get; }

    private protected abstract IRunCatalog Catalog { get; }

    [Fact]
    public async Task ListAsync_GivesTheTenantsRunsNewestFirstPageByPage()
    {
        var runs = await StartAsync(7);
        await Journal.AppendAsync(Start(NewRun("other")));

        var seen = new List<RunKey>();
        for (var query = new RunQuery(3); ;)
        {
            var page = await Catalog.ListAsync(Acme, query, TestContext.Current.CancellationToken);
            Assert.Equal(Math.Min(3, 7 - seen.Count), page.Runs.Count);
            seen.AddRange(page.Runs.Select(row => row.Key));
            if (page.Next is null) break;
            query = query with { After = page.Next };
        }

        Assert.Equal(runs.AsEnumerable().Reverse(), seen);
    }

    [Fact]
    public async Task ListAsync_OldestFirst_GivesThemInTheOrderOfTheirStart()
    {
        var runs = await StartAsync(5);
        var first = await Catalog.ListAsync(Acme, new RunQuery(2) { IsOldestFirst = true }, TestContext.Current.CancellationToken);
        var second = await Catalog.ListAsync(Acme, new RunQuery(9) { IsOldestFirst = true, After = first.Next }, TestContext.Current.CancellationToken);
        Assert.Equal(runs, first.Runs.Concat(second.Runs).Select(row => row.Key));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task ListAsync_SpanOfTime_IsFromItsBeginToBeforeItsEnd()
    {
        var begin = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var runs = new List<RunKey>();
        for (var hour = 0; hour < 12; hour++)
        {
            runs.Add(NewRun());
            await Journal.AppendAsync(StartAt(runs[hour], begin.AddHours(hour)));
        }

        // A clock that was set back a little while starting.
        runs.Add(NewRun());
        await Journal.AppendAsync(StartAt(runs[12], begin.AddHours(11).AddSeconds(-20)));

        Assert.Equal([runs[4], runs[3]], await KeysAsync(new RunQuery(100) { From = begin.AddHours(3), Before = begin.AddHours(5) }));
        Assert.Equal([runs[1], runs[0]], await KeysAsync(new RunQuery(100) { Before = begin.AddHours(2) }));
        Assert.Equal([runs[11]], await KeysAsync(new RunQuery(100) { From = begin.AddHours(11) }));
        Assert.Equal([runs[12]], await KeysAsync(new RunQuery(100) { From = begin.AddHours(10).AddSeconds(1), Before = begin.AddHours(11) }));
        Assert.Empty(await KeysAsync(new RunQuery(100) { From = begin.AddDays(3) }));
        Assert.Empty(await KeysAsync(new RunQuery(100) { Before = DateTimeOffset.MinValue }));
        Assert.Equal(13, (await KeysAsync(new RunQuery(100) { From = DateTimeOffset.MinValue, Before = DateTimeOffset.MaxValue })).Count());
    }

    [Fact]
    public async Task ListAsync_Filters_Combine()
    {
        var runs = await StartAsync(4);
        await Journal.AppendAsync(Next(runs[1], 1, Closed()));
        await Journal.AppendAsync(Next(runs[2], 1, Closed(RunStatus.Failed)));
        var other = NewRun();
        await Journal.AppendAsync(Start(other, agent: "refund", row: Closed()));

        Assert.Equal([other, runs[1]], await KeysAsync(RunStatus.Completed, null));
        Assert.Equal([other], await KeysAsync(RunStatus.Completed, "refund"));
        Assert.Equal([runs[3], runs[2], runs[1], runs[0]], await KeysAsync(null, "triage"));
        Assert.Empty(await KeysAsync(RunStatus.Failed, "refund"));
    }

    [Fact]
    public async Task CountAsync_CountsByStatus()
    {
        var runs = await StartAsync(5);
        await Journal.AppendAsync(Next(runs[0], 1, Waiting()));
        await Journal.AppendAsync(Next(runs[1], 1, Closed()));
        await Journal.AppendAsync(Start(NewRun("other")));

        var counts = await Catalog.CountAsync(Acme, TestContext.Current.CancellationToken);

        Assert.Equal(
            new Dictionary<RunStatus, long> { [RunStatus.Running] = 3, [RunStatus.WaitingForApproval] = 1, [RunStatus.Completed] = 1 }, counts);
    }

    private async Task<List<RunKey>> StartAsync(int count)
    {
        var runs = Enumerable.Range(0, count).Select(_ => NewRun()).ToList();
        foreach (var run in runs)
            await Journal.AppendAsync(Start(run));
        return runs;
    }

    private Task<IEnumerable<RunKey>> KeysAsync(RunStatus? status, string? agent) =>
        KeysAsync(new RunQuery(100) { Status = status, Agent = agent });

    private async Task<IEnumerable<RunKey>> KeysAsync(RunQuery query) =>
        (await Catalog.ListAsync(Acme, query, TestContext.Current.CancellationToken)).Runs.Select(row => row.Key);
}
