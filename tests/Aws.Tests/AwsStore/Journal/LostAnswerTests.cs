using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>Every kind of write, its answer lost with and without effect. On DynamoDB Local; the SDK is told not to try again, so that the store has to find out itself.</summary>
public sealed class LostAnswerTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly LostAnswer _lost = new();
    private RunStoreOfTest? _true;
    private RunStoreOfTest? _store;

    public static TheoryData<string, bool> Writes => new(
        from write in new[] { "start", "step", "wait", "snapshot", "approval", "close", "large" }
        from hasEffect in new[] { true, false }
        select (write, hasEffect));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _true = await RunStoreOfTest.CreateAsync(aws);
        _store = await RunStoreOfTest.OpenAsync(aws, _true.Table, _lost.Wrap, options => options.MaxAttempts = 1);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_true is not null) await _true.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task AppendAsync_AnswerLost_IsAppendedOnce(string write, bool hasEffect)
    {
        var run = NewRun();
        var append = Append(write, run);
        if (write != "start") await _store!.Journal.AppendAsync(Start(run));

        _lost.Arm(hasEffect);
        if (!hasEffect || write == "large")
        {
            var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => _store!.Journal.AppendAsync(append).AsTask());
            Assert.Equal((ErrorCode.Unavailable, true), (failure.Code, failure.IsTransient));
        }

        Assert.IsType<AppendResult.Appended>(await _store!.Journal.AppendAsync(append));
        Assert.False(_lost.IsArmed);
        Assert.IsType<AppendResult.Appended>(await _store.Journal.AppendAsync(append));

        var loaded = await _true!.Journal.LoadAsync(run, Stop);
        Assert.Equal(append.ExpectedSeq + append.Entries.Count, loaded!.SnapshotSeq + 1 + loaded.Entries.Count);
        Assert.Equal(append.Row?.Status ?? RunStatus.Running, loaded.Row.Status);
        var counts = await _true.Catalog.CountAsync(run.Tenant, Stop);
        Assert.Equal((loaded.Row.Status, 1), Assert.Single(counts.Select(count => (count.Key, count.Value))));
        Assert.Equal(append.Inbox.Count, await _true.Inbox.GetVersionAsync(run.Tenant, Stop));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AppendAsync_AnswerLostAndTheSeqTaken_IsFenced(bool isStart)
    {
        var run = NewRun();
        if (!isStart) await _store!.Journal.AppendAsync(Start(run));
        await _true!.Journal.AppendAsync(isStart ? Start(run) : Next(run, 1));

        _lost.Arm(hasEffect: false);

        Assert.IsType<AppendResult.Fenced>(await _store!.Journal.AppendAsync(isStart ? Start(run) : Next(run, 1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TryChangeRowAsync_AnswerLost_IsKnown(bool hasEffect)
    {
        var run = NewRun();
        await _store!.Journal.AppendAsync(Start(run, owner: "dead"));

        _lost.Arm(hasEffect);
        if (!hasEffect) await Assert.ThrowsAsync<AgentRuntimeException>(() => _store.Journal.TryChangeRowAsync(run, "dead", OwnedBy("me")).AsTask());
        else Assert.True(await _store.Journal.TryChangeRowAsync(run, "dead", OwnedBy("me")));

        Assert.Equal(hasEffect ? "me" : "dead", (await _true!.Journal.FindAsync(run, Stop))!.Owner);
    }

    [Fact]
    public async Task EraseAsync_AnswerLost_IsErasedByTheNextTry()
    {
        var run = NewRun();
        await _store!.Journal.AppendAsync(Start(run, records: 2));
        _lost.Arm(hasEffect: true);
        await Assert.ThrowsAsync<AgentRuntimeException>(() => _store.Journal.EraseAsync(run, 1).AsTask());

        Assert.True(await _store.Journal.EraseAsync(run, 1));

        Assert.Equal([false, true], (await _true!.Journal.ReadAsync(run, 0, 9, int.MaxValue, Stop)).Select(entry => entry.Seal is null));
    }

    private static JournalAppend Append(string write, RunKey run) => write switch
    {
        "start" => Start(run),
        "step" => Next(run, 1, records: 3),
        "wait" => Next(run, 1, Waiting(Now)),
        "snapshot" => Next(run, 1) with { Snapshot = [1, 2, 3] },
        "approval" => Next(run, 1) with { Inbox = [Approval("lost", run)] },
        "close" => Next(run, 1, Closed()),
        "large" => new JournalAppend(run, 1, [Entry(1, 1_000_000), Entry(2)]),
        _ => throw new ArgumentOutOfRangeException(nameof(write), write, null),
    };
}
