using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using static AgentRuntime.Silo.Tests.Ports.JournalSamples;

namespace AgentRuntime.Silo.Tests.Ports;

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
        for (var before = long.MaxValue; ;)
        {
            var page = await Catalog.ListAsync(Acme, null, null, before, 3, TestContext.Current.CancellationToken);
            if (page.Count == 0)
                break;

            Assert.True(page.Count <= 3);
            seen.AddRange(page.Select(row => row.Key));
            before = page[^1].RunNo;
        }

        Assert.Equal(runs.AsEnumerable().Reverse(), seen);
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

    private async Task<IEnumerable<RunKey>> KeysAsync(RunStatus? status, string? agent) =>
        (await Catalog.ListAsync(Acme, status, agent, long.MaxValue, 100, TestContext.Current.CancellationToken)).Select(row => row.Key);
}
