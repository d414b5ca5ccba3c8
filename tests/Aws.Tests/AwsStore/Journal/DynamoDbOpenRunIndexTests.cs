using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>On DynamoDB Local.</summary>
public sealed class DynamoDbOpenRunIndexTests(AwsStandIn aws) : OpenRunIndexConformance, IAsyncLifetime
{
    private RunStoreOfTest? _store;

    private protected override IRunJournal Journal => _store!.Journal;

    private protected override IOpenRunIndex Index => _store!.Index;

    public async ValueTask InitializeAsync() => _store = await RunStoreOfTest.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }
}
