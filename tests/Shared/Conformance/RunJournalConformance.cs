using System.Security.Cryptography;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What every journal must do, on a store of its own: here its entries.</summary>
public abstract partial class RunJournalConformance
{
    private protected abstract IRunJournal Journal { get; }

    [Fact]
    public async Task AppendAsync_Start_IsReadBackWithItsRow()
    {
        var run = NewRun();
        var start = Start(run, records: 2);

        var result = Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(start));

        var loaded = await LoadAsync(run);
        Assert.Equal(loaded.Row, await Journal.FindAsync(run, CancellationToken.None));
        Assert.Null(await Journal.FindAsync(NewRun(), CancellationToken.None));
        Assert.Equal(
            new RunRow(run, result.RunNo, "triage", RunStatus.Running, OpenState.Runnable, null, "silo-1", Now, null), loaded.Row);
        Assert.Equal(-1, loaded.SnapshotSeq);
        Assert.Null(loaded.Snapshot);
        AssertSame(start.Entries, loaded.Entries);
    }

    [Fact]
    public async Task AppendAsync_SecondStart_IsFencedAndWritesNothing()
    {
        var run = NewRun();
        var first = Start(run);
        await Journal.AppendAsync(first);

        Assert.IsType<AppendResult.Fenced>(await Journal.AppendAsync(Start(run, records: 3)));

        AssertSame(first.Entries, (await LoadAsync(run)).Entries);
    }

    [Fact]
    public async Task AppendAsync_TakenSeq_IsFencedAndWritesNothing()
    {
        var run = NewRun();
        var start = Start(run);
        var winner = Next(run, 1);
        await Journal.AppendAsync(start);
        await Journal.AppendAsync(winner);

        var loser = Next(run, 1, Closed(), records: 2) with { Snapshot = [1], Inbox = [Approval("lost-approval", run)] };
        Assert.IsType<AppendResult.Fenced>(await Journal.AppendAsync(loser));

        var loaded = await LoadAsync(run);
        AssertSame([.. start.Entries, .. winner.Entries], loaded.Entries);
        Assert.Equal(OpenState.Runnable, loaded.Row.State);
        Assert.Null(loaded.Snapshot);
    }

    [Fact]
    public async Task AppendAsync_Gap_IsFenced()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run));

        Assert.IsType<AppendResult.Fenced>(await Journal.AppendAsync(Next(run, 2)));
        Assert.IsType<AppendResult.Fenced>(await Journal.AppendAsync(Next(NewRun(), 1)));

        Assert.Single((await LoadAsync(run)).Entries);
    }

    [Fact]
    public async Task AppendAsync_SameBytesAgain_IsAppendedOnce()
    {
        var run = NewRun();
        var start = Start(run);
        var next = Next(run, 1, records: 2);
        await Journal.AppendAsync(start);
        await Journal.AppendAsync(next);
        await Journal.AppendAsync(Next(run, 3));

        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(start));
        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(next));

        Assert.Equal(4, (await LoadAsync(run)).Entries.Count);
    }

    [Fact]
    public async Task AppendAsync_RacingForEachSeq_ExactlyOneWinsAndNeighboursGoOn()
    {
        const int Racers = 8;
        const int Steps = 30;
        var contested = NewRun();
        var alone = NewRun();
        await Journal.AppendAsync(Start(contested));
        await Journal.AppendAsync(Start(alone));

        for (var seq = 1; seq <= Steps; seq++)
        {
            var appends = Enumerable.Range(0, Racers).Select(_ => Next(contested, seq, records: 1)).ToArray();
            var neighbour = Journal.AppendAsync(Next(alone, seq)).AsTask();
            var results = await Task.WhenAll(appends.Select(append => Journal.AppendAsync(append).AsTask()));

            var winner = Assert.Single(Enumerable.Range(0, Racers), i => results[i] is AppendResult.Appended);
            Assert.IsType<AppendResult.Appended>(await neighbour);
            var stored = await Journal.ReadAsync(contested, seq, 1, int.MaxValue, TestContext.Current.CancellationToken);
            AssertSame(appends[winner].Entries, stored);
        }

        Assert.Equal(Steps + 1, (await LoadAsync(alone)).Entries.Count);
    }

    [Fact]
    public async Task AppendAsync_LargeSealAndEmptySeal_AreReadBack()
    {
        var run = NewRun();
        var large = new JournalEntry(0, [1], RandomNumberGenerator.GetBytes(5_000_000));
        var empty = new JournalEntry(1, [2], []);
        await Journal.AppendAsync(Start(run) with { Entries = [large, empty] });

        AssertSame([large, empty], (await LoadAsync(run)).Entries);
    }

    [Fact]
    public async Task AppendAsync_AnotherTenantsRunOfTheSameName_IsAnotherRun()
    {
        var run = NewRun("acme");
        var other = run with { Tenant = Common.TenantId.Parse("other") };
        await Journal.AppendAsync(Start(run, records: 3));

        Assert.Null(await Journal.LoadAsync(other, TestContext.Current.CancellationToken));
        Assert.IsType<AppendResult.Fenced>(await Journal.AppendAsync(Next(other, 3)));
        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(Start(other)));
    }

    [Fact]
    public async Task LoadAsync_Snapshot_GivesTheNewestAndOnlyWhatFollows()
    {
        var run = NewRun();
        var last = Next(run, 4);
        await Journal.AppendAsync(Start(run));
        await Journal.AppendAsync(Next(run, 1) with { Snapshot = [1] });
        await Journal.AppendAsync(Next(run, 2, records: 2) with { Snapshot = [2, 2] });
        await Journal.AppendAsync(last);

        var loaded = await LoadAsync(run);

        Assert.Equal(3, loaded.SnapshotSeq);
        Assert.Equal([2, 2], loaded.Snapshot!);
        AssertSame(last.Entries, loaded.Entries);
    }

    [Fact]
    public async Task ReadAsync_Bounds_AreKept()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run, records: 10));
        var cancellation = TestContext.Current.CancellationToken;

        Assert.Equal([3, 4, 5], (await Journal.ReadAsync(run, 3, 3, int.MaxValue, cancellation)).Select(entry => entry.Seq));
        Assert.Equal([0, 1], (await Journal.ReadAsync(run, 0, 10, 301, cancellation)).Select(entry => entry.Seq));
        Assert.Empty(await Journal.ReadAsync(run, 10, 10, int.MaxValue, cancellation));
        Assert.Empty(await Journal.ReadAsync(NewRun(), 0, 10, int.MaxValue, cancellation));
    }

    [Fact]
    public async Task EraseAsync_LeavesTheHeaderAndTheNeighbours()
    {
        var run = NewRun();
        var start = Start(run, records: 3);
        await Journal.AppendAsync(start);

        Assert.True(await Journal.EraseAsync(run, 1));
        Assert.True(await Journal.EraseAsync(run, 1));
        Assert.False(await Journal.EraseAsync(run, 3));
        Assert.False(await Journal.EraseAsync(NewRun(), 0));

        AssertSame([start.Entries[0], start.Entries[1] with { Seal = null }, start.Entries[2]], (await LoadAsync(run)).Entries);
    }

    private static void AssertSame(IReadOnlyList<JournalEntry> expected, IReadOnlyList<JournalEntry> actual) => Assert.Equal(
        expected.Select(entry => (entry.Seq, Convert.ToHexString(entry.Header), entry.Seal is null ? null : Convert.ToHexString(entry.Seal))),
        actual.Select(entry => (entry.Seq, Convert.ToHexString(entry.Header), entry.Seal is null ? null : Convert.ToHexString(entry.Seal))));

    private async Task<LoadedRun> LoadAsync(RunKey run)
    {
        var loaded = await Journal.LoadAsync(run, TestContext.Current.CancellationToken);
        Assert.NotNull(loaded);
        return loaded;
    }
}
