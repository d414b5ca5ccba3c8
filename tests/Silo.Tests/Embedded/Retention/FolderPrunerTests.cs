using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Embedded.Retention;
using AgentRuntime.Runs;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tenants;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Retention;

/// <summary>What an operator does with a folder: counting, scrubbing, giving space back.</summary>
public sealed class FolderPrunerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(StoreBench.Now);
    private StoreBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FolderPruner Pruning => new(_bench.Folder, _time, new Progress<WorkStep>());

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.OpenAsync();
        await _bench.SetRetentionAsync(new RetentionSettings(30, []));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    /// <summary>Writing a large journal's tables anew holds up who else writes, so that it waits for a time without silos, also over kills.</summary>
    [Fact]
    public async Task PruneAsync_LargeJournalThatASiloServes_IsScrubbedOnceNoneDoes()
    {
        await _bench.AddRunAsync("ended", endedAt: StoreBench.Now.AddDays(-25));
        await _bench.AddRunAsync("open");
        await _bench.CloseAsync();
        using (var journal = JournalFile.OpenAlone(_bench.At("journal.db")))
        {
            journal.Execute($$"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= {{Pruner.MaxScrubbedRows}})
                INSERT INTO approvals (tenant, approval, state, view) SELECT 'other', 'a-' || i, 1, '{}' FROM n
                """);
        }

        await _bench.ReopenAsync();
        using (SiloSeats.TryTake(_bench.Folder, 11_111))
        {
            // With nothing to prune there is nothing to scrub.
            Assert.True((await Pruning.PruneAsync(Stop)).IsScrubbed);
            _time.Advance(TimeSpan.FromDays(10));
            Assert.False((await Pruning.PruneAsync(Stop)).IsScrubbed);
            Assert.Equal((0, false), (await Pruning.PruneAsync(Stop)) is var again ? (again.Result.Runs, again.IsScrubbed) : default);
        }

        Assert.Equal((0, true), (await Pruning.PruneAsync(Stop)) is var last ? (last.Result.Runs, last.IsScrubbed) : default);
    }

    [Fact]
    public async Task MeasureAsync_CountsAndDestroysNothing()
    {
        var run = await _bench.AddRunAsync("secret-of-somebody", endedAt: StoreBench.Now.AddDays(-31));
        var measured = await Pruning.MeasureAsync(Stop);
        Assert.Equal((1, 6), (measured.Runs, measured.Records));
        Assert.Equal(["secret-of-somebody"], _bench.FindInFiles(["secret-of-somebody"]));
        Assert.All(await _bench.EntriesAsync(run), entry => Assert.NotNull(entry.Seal));
        Assert.Equal(measured, (await Pruning.PruneAsync(Stop)).Result);
    }

    [Fact]
    public async Task CompactAsync_AfterPruning_GivesTheSpaceBack()
    {
        for (var i = 0; i < 50; i++) await _bench.AddRunAsync("gone", endedAt: StoreBench.Now.AddDays(-31), padding: 20_000);
        var kept = await _bench.AddRunAsync("kept", endedAt: StoreBench.Now);
        await Pruning.PruneAsync(Stop);
        await _bench.CloseAsync();

        var (before, after) = await Pruning.CompactAsync(Stop);

        Assert.InRange(after, 1, before / 4);
        await _bench.ReopenAsync();
        await _bench.RequireChainAsync(kept);
        Assert.All(await _bench.EntriesAsync(kept), entry => Assert.NotNull(entry.Seal));
        Assert.All(await _bench.EntriesAsync(new RunKey(RunCast.Tenant, RunId.Parse("run-1"))), entry => Assert.Null(entry.Seal));
    }

    [Fact]
    public async Task CompactAsync_SiloServes_IsRefused()
    {
        using var seat = SiloSeats.TryTake(_bench.Folder, 11_111);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => Pruning.CompactAsync(Stop));
        Assert.Contains("11111", failure.Message, StringComparison.Ordinal);
    }
}
