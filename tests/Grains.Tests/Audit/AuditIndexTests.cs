using AgentRuntime.Audit;
using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Grains.Tests.Events;
using Orleans.Storage;

namespace AgentRuntime.Grains.Tests.Audit;

/// <summary>The index with activations that end anywhere: a write that fails, before or after it has happened, ends one.</summary>
public sealed class AuditIndexTests
{
    private const int Runs = 30;
    private const int Records = 90;
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AdmitAsync_ActivationsEndAnywhere_LosesAndRepeatsNothing(int seed)
    {
        var storage = new FailingStorage(seed, share: 0.05);
        var random = new Random(seed);
        var deliveries = Enumerable.Range(0, Runs).SelectMany(static run => Enumerable.Range(0, Records).Chunk(5).Select(seqs => Batch(run, seqs))).ToArray();
        random.Shuffle(deliveries);
        var index = await LoadAsync(storage);
        // Each at least once, those that failed again, and at last the whole of some runs, long after they were forgotten.
        foreach (var batch in deliveries.Concat(deliveries.Take(50))) await RepeatAsync(batch);

        index = await LoadAsync(storage);
        foreach (var batch in Enumerable.Range(0, 10).Select(static run => Batch(run, [.. Enumerable.Range(0, Records)]))) await RepeatAsync(batch);

        index = await LoadAsync(storage);
        for (var number = 0; number < Runs; number++)
        {
            var run = await index.FindAsync($"run-{number}", Cancel);
            Assert.Equal((Records, true, 0), (run.State.Next, run.State.IsWhole, run.State.Conflicts));
            Assert.Equal(Enumerable.Range(0, Records).Select(seq => Hash(number, seq)), await index.ReadHashesAsync($"run-{number}", run, 0, Records));
        }

        Assert.True(storage.Failures > 10, $"{storage.Failures} failures");

        async Task RepeatAsync(EventBatch batch)
        {
            for (var tries = 1;; tries++)
            {
                try
                {
                    await index.AdmitAsync(batch, Cancel);
                    return;
                }
                catch (Exception failure) when (tries < 20 && failure is TimeoutException or InconsistentStateException)
                {
                    // A run that came from its first record on again is found out by a write, too.
                    index = await LoadAsync(storage);
                }
            }
        }
    }

    [Fact]
    public async Task AdmitAsync_ManyDeliveriesOfARun_WritesItAboutOnce()
    {
        var storage = new FailingStorage(seed: 1, share: 0);
        var index = await LoadAsync(storage);
        for (var seq = 0; seq < 60; seq++) await index.AdmitAsync(Batch(0, [seq]), Cancel);
        Assert.Equal(60, storage.Writes);
        for (var seq = 60; seq < 70; seq++) await index.AdmitAsync(Batch(0, [seq]), Cancel);
        Assert.Equal(70 + 2, storage.Writes);
        // Those of the load: the checkpoint and the first segment.
        Assert.Equal(2, storage.Reads);
        for (var seq = 70; seq < 200; seq++) await index.AdmitAsync(Batch(1, [seq]), Cancel);
        Assert.Equal(2 + 1, storage.Reads);
    }

    [Fact]
    public async Task AdmitAsync_ManyRuns_AreWrittenBeforeMemoryIsFullOfThem()
    {
        var storage = new FailingStorage(seed: 1, share: 0);
        var index = await LoadAsync(storage);
        for (var delivery = 0; delivery < 3; delivery++) await index.AdmitAsync(Batch([.. Enumerable.Range(delivery * 1024, 1024)]), Cancel);
        Assert.Equal(AuditIndex.MaxDirty + 1 + 3, storage.Writes);
    }

    [Fact]
    public async Task LoadAsync_ManyDeliveriesOfManyRuns_ReadsEachRunOnceAndSomeAtATime()
    {
        var storage = new FailingStorage(seed: 1, share: 0);
        var index = await LoadAsync(storage);
        for (var seq = 0; seq < 10; seq++) await index.AdmitAsync(Batch([.. Enumerable.Range(0, 500)], seq), Cancel);
        var before = storage.Reads;
        await LoadAsync(storage);
        Assert.Equal(1 + 11 + 500, storage.Reads - before);
        Assert.InRange(storage.PeakReads, 2, 16);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(80)]
    public async Task AdmitAsync_AnotherHash_IsCountedOnceWhateverFollows(int forged)
    {
        var storage = new FailingStorage(seed: 1, share: 0);
        var index = await LoadAsync(storage);
        await index.AdmitAsync(Batch(0, [.. Enumerable.Range(0, 85)]), Cancel);
        Assert.Equal([forged], (await index.AdmitAsync(Batch(0, [forged], hashOf: 7), Cancel)).Single().Change.Conflicts);
        await RequireOneAsync(await LoadAsync(storage));
        // The states of runs are written, the checkpoint is not.
        index = await LoadAsync(storage);
        storage.Refused = "checkpoint";
        await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            for (var seq = 0; seq < 70; seq++) await index.AdmitAsync(Batch(1, [seq]), Cancel);
        });
        storage.Refused = null;
        index = await LoadAsync(storage);
        await RequireOneAsync(index);
        for (var seq = 62; seq < 85; seq++) await index.AdmitAsync(Batch(1, [seq]), Cancel);
        await RequireOneAsync(index);
        await RequireOneAsync(await LoadAsync(storage));
    }

    [Fact]
    public async Task AdmitAsync_AForgedBeginningOfAForgottenRun_DoesNotReplaceIt()
    {
        var storage = new FailingStorage(seed: 1, share: 0);
        var index = await LoadAsync(storage);
        await index.AdmitAsync(Batch(0, [0, 1, 2]), Cancel);
        for (var seq = 0; seq < 64; seq++) await index.AdmitAsync(Batch(1, [seq]), Cancel);
        index = await LoadAsync(storage);
        await index.AdmitAsync(Batch(0, [.. Enumerable.Range(0, 70)], hashOf: 7), Cancel);
        await Assert.ThrowsAsync<InconsistentStateException>(() => index.FindAsync("run-0", Cancel));
        await Assert.ThrowsAsync<InconsistentStateException>(async () =>
        {
            for (var seq = 0; seq < 70; seq++) await index.AdmitAsync(Batch(2, [seq]), Cancel);
        });

        index = await LoadAsync(storage);
        var run = await index.FindAsync("run-0", Cancel);
        Assert.Equal((70, 3), (run.State.Next, run.State.Conflicts));
        Assert.Equal(Enumerable.Range(0, 3).Select(static seq => Hash(0, seq)), await index.ReadHashesAsync("run-0", run, 0, 3));
        for (var seq = 0; seq < 70; seq++) await index.AdmitAsync(Batch(3, [seq]), Cancel);
        run = await (await LoadAsync(storage)).FindAsync("run-0", Cancel);
        Assert.Equal((70, 3), (run.State.Next, run.State.Conflicts));
    }

    [Fact]
    public async Task AdmitAsync_TwoActivations_OnlyOneWrites()
    {
        var storage = new FailingStorage(seed: 1, share: 0);
        var (first, second) = (await LoadAsync(storage), await LoadAsync(storage));
        await first.AdmitAsync(Batch(0, [0]), Cancel);
        await Assert.ThrowsAsync<InconsistentStateException>(() => second.AdmitAsync(Batch(1, [0]), Cancel));
    }

    private static async Task<AuditIndex> LoadAsync(FailingStorage storage)
    {
        var index = new AuditIndex(new NamedStates(storage, GrainId.Create("audit", "acme")));
        await index.LoadAsync(Cancel);
        return index;
    }

    private static async Task RequireOneAsync(AuditIndex index) => Assert.Equal(1, (await index.FindAsync("run-0", Cancel)).State.Conflicts);

    private static EventBatch Batch(int run, int[] seqs, int? hashOf = null) => new(Tenant, [Events(run, seqs, hashOf ?? run)]);

    // A record of each of many runs.
    private static EventBatch Batch(int[] runs, int seq = 0) => new(Tenant, [.. runs.Select(run => Events(run, [seq], run))]);

    private static RunEvents Events(int run, int[] seqs, int hashOf) =>
        new($"run-{run}", "agent", [.. seqs.Select(seq => new RunEvent(seq, seq == Records - 1 ? EventTypes.RunCompleted : EventTypes.ModelReplied, DateTimeOffset.UnixEpoch, Hash(hashOf, seq)))]);

    private static byte[] Hash(int run, int seq) => [(byte)run, (byte)seq, .. new byte[RunEvent.HashBytes - 2]];
}
