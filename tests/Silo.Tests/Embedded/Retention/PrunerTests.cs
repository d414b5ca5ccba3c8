using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Embedded.Retention;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tenants;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Retention;

public sealed class PrunerTests : IAsyncLifetime
{
    private static readonly RetentionSettings Month = new(30, [new("customer", 7), new("archive", null)]);

    private readonly FakeTimeProvider _time = new(StoreBench.Now);
    private StoreBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await StoreBench.OpenAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task PruneAsync_Classes_TakesWhatHasExpiredAndNothingElse()
    {
        await _bench.SetRetentionAsync(Month);
        var expired = new[]
        {
            await AddAsync("", daysAgo: 30), await AddAsync("customer", daysAgo: 7), await AddAsync("archive,customer", daysAgo: 8), await AddAsync("weather", daysAgo: 31),
        };
        var kept = new[]
        {
            await AddAsync("", daysAgo: 29), await AddAsync("customer", daysAgo: 6), await AddAsync("archive", daysAgo: 9_000), await AddAsync("", daysAgo: null),
            await AddAsync("customer", daysAgo: 9_000, TenantId.Parse("other")),
        };

        var result = await PruneAsync();

        Assert.Equal((4, 24), (result.Runs, result.Records));
        Assert.Equal(expired.Select(run => run.Secret).Order(), (await SecretsGoneAsync([.. expired, .. kept])).Order());
        foreach (var (run, _) in expired)
        {
            Assert.All(await _bench.EntriesAsync(run), entry => Assert.Null(entry.Seal));
            await _bench.RequireChainAsync(run);
            Assert.True((await _bench.Journal.LoadAsync(run, Stop))!.Row.IsPruned);
            Assert.Null((await _bench.Journal.LoadAsync(run, Stop))!.Snapshot);
        }

        foreach (var (run, _) in kept)
        {
            Assert.All(await _bench.EntriesAsync(run), entry => Assert.NotNull(entry.Seal));
            await _bench.RequireChainAsync(run);
            Assert.NotNull((await _bench.Journal.LoadAsync(run, Stop))!.Snapshot);
        }

        var catalog = new SqliteRunCatalog(_bench.Store.Journal);
        Assert.Equal(4, (await catalog.ListAsync(RunCast.Tenant, new RunQuery(100), Stop)).Runs.Count);
        Assert.Equal(3, (await catalog.CountAsync(RunCast.Tenant, Stop))[RunStatus.Completed]);
        Assert.Equal(4, (await new SqliteApprovalInbox(_bench.Store.Journal).ListAsync(RunCast.Tenant, null, null, 100, Stop)).Approvals.Count);
        Assert.Equal(0, (await PruneAsync()).Runs);
    }

    [Fact]
    public async Task PruneAsync_NoRetention_TakesNothing()
    {
        await _bench.SetRetentionAsync(null);
        await AddAsync("", daysAgo: 9_000);
        Assert.Equal(PruneResult.Nothing, await PruneAsync());
    }

    /// <summary>Rows of all sizes, written and grown in any order, expire in any order: SQLite moves them about, and no copy may stay behind.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task PruneAsync_ManyRunsOfManySizes_LeavesNoByteOfThemInAnyFile(int seed)
    {
#pragma warning disable CA5394 // Sizes, no secrets.
        var random = new Random(seed);
        await _bench.SetRetentionAsync(Month);
        var runs = await Task.WhenAll(Enumerable.Range(0, 250).Select(i =>
        {
            var secret = $"secret-{seed}-{i:D4}-of-somebody";
            var large = random.Next(20) == 0 ? new string('x', 70_000) + secret : null;
            return AddAsync(secret, random.Next(1, 60), large, random.Next(3) == 0 ? random.Next(3_000, 20_000) : random.Next(20, 1_500));
        }));
#pragma warning restore CA5394

        for (var day = 0; day < 3; day++)
        {
            await PruneAsync();
            var expired = runs.Where(run => run.DaysAgo + 10 * day >= 30).ToList();
            Assert.InRange(expired.Count, 50, runs.Length);
            Assert.Empty(_bench.FindInFiles(expired.Select(run => run.Secret)));
            Assert.Empty(runs.Except(expired).Select(run => run.Secret).Except(_bench.FindInFiles(runs.Except(expired).Select(run => run.Secret))));
            foreach (var (run, _, _) in runs) await _bench.RequireChainAsync(run);
            _time.Advance(TimeSpan.FromDays(10));
        }
    }

    [Fact]
    public async Task PruneAsync_SharedArtifact_StaysUntilTheLastRunThatRefersToItExpires()
    {
        await _bench.SetRetentionAsync(Month);
        var large = "shared-by-two" + new string('x', 70_000);
        await _bench.AddRunAsync("one", "", StoreBench.Now.AddDays(-31), large);
        var second = await _bench.AddRunAsync("two", "", StoreBench.Now.AddDays(-20), large);
        Assert.Single(ArtifactFiles());

        Assert.Equal((1, 0), (await PruneAsync()) is var first ? (first.Runs, first.Artifacts) : default);
        var name = Seals.FindArtifact((await _bench.EntriesAsync(second))[2].Seal)!;
        Assert.Contains("shared-by-two", System.Text.Encoding.UTF8.GetString(await _bench.Store.Artifacts.GetAsync(RunCast.Tenant, name, Stop)), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(10));
        Assert.Equal((1, 1), (await PruneAsync()) is var last ? (last.Runs, last.Artifacts) : default);
        Assert.Empty(ArtifactFiles());
        Assert.Empty(_bench.FindInFiles(["shared-by-two"]));
    }

    [Fact]
    public async Task PruneAsync_ArtifactThatASiloJustStoredAgain_IsLeftForLater()
    {
        await _bench.SetRetentionAsync(Month);
        var large = "stored-again" + new string('x', 70_000);
        var run = await _bench.AddRunAsync("one", "", StoreBench.Now.AddDays(-31), large);
        using (SiloSeats.TryTake(_bench.Folder, 11_111))
        {
            var first = await PruneAsync();
            Assert.Equal((0, 1), (first.Runs, first.Deferred));
            Assert.Single(ArtifactFiles());

            // Nobody is shown the run any more.
            await RequireHiddenAsync(run);
            Assert.Equal(ErrorCode.FailedPrecondition, Assert.Throws<AgentRuntimeException>((await _bench.Journal.FindAsync(run, Stop))!.RequireNotPruned).Code);
            File.SetLastWriteTimeUtc(ArtifactFiles().Single(), TimeProvider.System.GetUtcNow().UtcDateTime - Pruner.ArtifactGrace * 2);
            Assert.Equal((1, 1), (await PruneAsync()) is var second ? (second.Runs, second.Artifacts) : default);
        }

        Assert.Empty(ArtifactFiles());
    }

    /// <summary>A hash without a salt tells whoever guesses the request that the guess is right. Earlier programs kept one in the run's row.</summary>
    [Fact]
    public async Task PruneAsync_DigestOfTheRequest_IsKeptNowhere()
    {
        await _bench.SetRetentionAsync(Month);
        var runs = new[] { await _bench.AddRunAsync("one", "", StoreBench.Now.AddDays(-31)), await _bench.AddRunAsync("two", "", StoreBench.Now) };
        await _bench.CloseAsync();
        var digests = runs.Select(run => string.Concat(Enumerable.Repeat($"feed{run.Run.Value}!", 6))).ToList();
        using (var journal = JournalFile.OpenAlone(_bench.At("journal.db")))
        {
            Assert.Equal(0, journal.QueryNumber("SELECT sum(length(body_digest)) FROM runs"));
            for (var i = 0; i < runs.Length; i++)
                journal.Get("UPDATE runs SET body_digest = ? WHERE run = ?").Bind(1, digests[i]).Bind(2, runs[i].Run.Value).Run();
        }

        await _bench.ReopenAsync();
        Assert.Equal(digests, _bench.FindInFiles(digests));
        await PruneAsync();
        Assert.Equal(digests[1..], _bench.FindInFiles(digests));
        await _bench.Journal.EraseAsync(runs[1], 0);
        await _bench.CloseAsync();
        Assert.Empty(_bench.FindInFiles(digests));
        await _bench.ReopenAsync();
    }

    [Fact]
    public async Task PruneAsync_AfterOneThatDiedHalfWay_GoesOn()
    {
        await _bench.SetRetentionAsync(Month);
        var large = "half-gone" + new string('x', 70_000);
        var (marked, unrecorded, erased) = (
            await _bench.AddRunAsync("s-one", "", StoreBench.Now.AddDays(-31)),
            await _bench.AddRunAsync("s-two", "", StoreBench.Now.AddDays(-31), large),
            await _bench.AddRunAsync("s-three", "", StoreBench.Now.AddDays(-31)));
        await BeginAsync(marked);
        await BeginAsync(unrecorded);
        File.Delete(ArtifactFiles().Single());
        await BeginAsync(erased);
        for (var seq = 0; seq < 4; seq++) await _bench.Journal.EraseAsync(erased, seq);

        Assert.Equal(3, (await PruneAsync()).Runs);

        Assert.Empty(_bench.FindInFiles(["s-one", "s-two", "s-three", "half-gone"]));
        foreach (var run in new[] { marked, unrecorded, erased }) await _bench.RequireChainAsync(run);
    }

    private async Task<(RunKey Run, string Secret, int DaysAgo)> AddAsync(string secret, int daysAgo, string? large, int padding) =>
        (await _bench.AddRunAsync(secret, "", StoreBench.Now.AddDays(-daysAgo), large, padding), secret, daysAgo);

    private async Task<(RunKey Run, string Secret)> AddAsync(string classes, int? daysAgo, TenantId? tenant = null)
    {
        var secret = $"secret-{classes}-{daysAgo}-{tenant}-of-somebody";
        return (await _bench.AddRunAsync(secret, classes, daysAgo is { } days ? StoreBench.Now.AddDays(-days) : null, tenant: tenant), secret);
    }

    private async Task<PruneResult> PruneAsync()
    {
        var (result, isScrubbed, logsEmpty) = await new FolderPruner(_bench.Folder, _time, new Progress<WorkStep>()).PruneAsync(Stop);
        Assert.True(isScrubbed && logsEmpty);
        return result;
    }

    private async Task<IEnumerable<string>> SecretsGoneAsync(IReadOnlyList<(RunKey Run, string Secret)> runs)
    {
        await _bench.ReopenAsync();
        return runs.Select(run => run.Secret).Except(_bench.FindInFiles(runs.Select(run => run.Secret)));
    }

    /// <summary>Headers are shown of it and nothing else.</summary>
    private async Task RequireHiddenAsync(RunKey run)
    {
        var loaded = (await _bench.Journal.LoadAsync(run, Stop))!;
        Assert.True(loaded.Row.IsPruned);
        Assert.Null(loaded.Snapshot);
        Assert.Equal(6, loaded.Entries.Count);
        Assert.All([.. loaded.Entries, .. await _bench.EntriesAsync(run)], entry => Assert.Null(entry.Seal));
        Assert.Empty((await new SqliteApprovalInbox(_bench.Store.Journal).ListAsync(run.Tenant, null, null, 100, Stop)).Approvals);
        await _bench.RequireChainAsync(run);
    }

    private async Task BeginAsync(RunKey run)
    {
        var row = (await _bench.Journal.LoadAsync(run, Stop))!.Row;
        Assert.True(await _bench.Store.Journal.Writer.WriteAsync(new PruneRequest<bool>(pruning => pruning.Begin(run, row.RunNo), 100)));
    }

    private IEnumerable<string> ArtifactFiles() => Directory.EnumerateFiles(_bench.At("artifacts"), "*", SearchOption.AllDirectories);
}
