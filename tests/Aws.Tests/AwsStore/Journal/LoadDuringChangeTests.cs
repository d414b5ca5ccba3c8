using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>A run that changes while it is read, which takes more than one request: the row belongs to the records. On DynamoDB Local.</summary>
public sealed class LoadDuringChangeTests(AwsStandIn aws)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LoadAsync_ClosedBetweenHeadAndRecords_ShowsItClosed()
    {
        var between = new AfterQuery();
        await using var other = await RunStoreOfTest.CreateAsync(aws);
        await using var store = await RunStoreOfTest.OpenAsync(aws, other.Table, between.Wrap);
        var run = NewRun();
        await other.Journal.AppendAsync(Start(run));
        await other.Journal.AppendAsync(Next(run, 1) with { Snapshot = [1, 2, 3] });

        between.Arm(async () => Assert.IsType<AppendResult.Appended>(await other.Journal.AppendAsync(Next(run, 2, Closed()))));
        var loaded = (await store.Journal.LoadAsync(run, Stop))!;

        Assert.Equal(2, loaded.Entries[^1].Seq);
        Assert.Equal(OpenState.Closed, loaded.Row.State);
    }

    [Fact]
    public async Task LoadAsync_ClosedAfterTheRecordsWereRead_ShowsItWhole()
    {
        var between = new AfterQuery();
        await using var other = await RunStoreOfTest.CreateAsync(aws);
        await using var store = await RunStoreOfTest.OpenAsync(aws, other.Table, between.Wrap);
        var run = NewRun();
        await other.Journal.AppendAsync(Start(run));

        between.Arm(async () => Assert.IsType<AppendResult.Appended>(await other.Journal.AppendAsync(Next(run, 1, Closed()))));
        var loaded = (await store.Journal.LoadAsync(run, Stop))!;

        Assert.Equal((OpenState.Closed, 1L), (loaded.Row.State, loaded.Entries[^1].Seq));
    }
}
