using AgentRuntime.Common;
using AgentRuntime.Embedded.Segments;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Silo.Tests.Embedded.Segments;

public sealed class PlacedOpenRunIndexTests : OpenRunIndexConformance, IAsyncDisposable
{
    private readonly SegmentFolder _folder = new();

    private protected override IRunJournal Journal => new PlacedRunJournal(_folder.Stores);

    private protected override IOpenRunIndex Index => IndexOf(_folder.Stores);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task FindOrphansAsync_OfSeveralStores_TakesThemInTurn()
    {
        var acme = await StartAsync("acme", 5);
        var other = await StartAsync("other", 2);

        Assert.Equal([acme[0], other[0], acme[1]], await OrphansAsync(Index, limit: 3));
        Assert.Equal([acme[0], other[0], acme[1], other[1], acme[2], acme[3], acme[4]], await OrphansAsync(Index, limit: 100));
    }

    [Fact]
    public async Task FindOrphansAsync_StoresThatOthersServe_AreNotLookedAt()
    {
        var acme = await StartAsync("acme", 1);
        await StartAsync("other", 1);

        Assert.Equal(acme, await OrphansAsync(IndexOf(_folder.Open("acme"))));
        Assert.Empty(await OrphansAsync(IndexOf(_folder.Open())));
    }

    [Fact]
    public async Task FindOrphansAsync_WithoutAShareOfAStore_LeavesItToThoseWhoHaveOne()
    {
        var acme = await StartAsync("acme", 1);
        await StartAsync("other", 1);
        var index = new PlacedOpenRunIndex(
            _folder.Stores, (segment, share) => segment == TenantId.Parse("other") ? null : share, NullLogger<PlacedOpenRunIndex>.Instance);

        Assert.Equal(acme, await OrphansAsync(index));
    }

    [Fact]
    public async Task FindOrphansAsync_StoreThatCannotBeRead_DoesNotHoldUpTheOthers()
    {
        await StartAsync("acme", 1);
        var other = await StartAsync("other", 1);
        await _folder.Stores.Of(TenantId.Parse("acme")).DisposeAsync();

        Assert.Equal(other, await OrphansAsync(Index));
    }

    private static PlacedOpenRunIndex IndexOf(PlacedStores stores) => new(stores, (_, share) => share, NullLogger<PlacedOpenRunIndex>.Instance);

    private async Task<IReadOnlyList<RunKey>> StartAsync(string tenant, int count)
    {
        var runs = Enumerable.Range(0, count).Select(_ => NewRun(tenant)).ToList();
        foreach (var run in runs) await Journal.AppendAsync(Start(run));
        return runs;
    }

    private static Task<IReadOnlyList<RunKey>> OrphansAsync(IOpenRunIndex index, int limit = 100) =>
        index.FindOrphansAsync([], PollerShare.Whole, limit, TestContext.Current.CancellationToken);
}
