using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>However a run ends, its note says so with its last record. On DynamoDB Local.</summary>
public sealed class DynamoDbUnpublishedRunsTests(AwsStandIn aws) : IAsyncLifetime
{
    private RunStoreOfTest? _store;

    private RunStoreOfTest Store => _store!;

    public async ValueTask InitializeAsync() => _store = await RunStoreOfTest.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    [Fact]
    public async Task FindEndedAsync_RunThatEndedAsItBegan_IsFoundWithItsLastRecord()
    {
        var run = NewRun();
        await Store.Journal.AppendAsync(Start(run, records: 4, row: Closed(RunStatus.Failed)));

        await FoundAsync(new RunMark(run, 3, Now));
    }

    [Fact]
    public async Task FindEndedAsync_RunThatWasClosedLater_IsFoundWithItsLastRecord()
    {
        var (known, unknown) = (NewRun(), NewRun());
        await Store.Journal.AppendAsync(Start(known, records: 2));
        await Store.Journal.AppendAsync(Next(known, 2, records: 3));
        await Store.Journal.TryChangeRowAsync(known, "silo-1", Closed(RunStatus.Failed));
        await FoundAsync(new RunMark(known, 4, Now));
        await Store.Services.GetRequiredService<IUnpublishedRuns>().CloseAsync([known], CancellationToken.None);

        await Store.Journal.AppendAsync(Start(unknown, records: 4));
        await using var other = await RunStoreOfTest.OpenAsync(aws, Store.Table);
        await other.Journal.TryChangeRowAsync(unknown, "silo-1", Closed(RunStatus.Failed));
        await FoundAsync(new RunMark(unknown, 3, Now));
    }

    private Task FoundAsync(RunMark wanted) => Eventually.TrueAsync(
        async () => await Store.Services.GetRequiredService<IUnpublishedRuns>().FindEndedAsync(PollerShare.Whole, 10, CancellationToken.None).SelectMany(static page => page).ToListAsync() is [var found] && found == wanted,
        $"the note of {wanted}");
}
