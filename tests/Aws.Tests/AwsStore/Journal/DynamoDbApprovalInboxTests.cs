using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>On DynamoDB Local.</summary>
public sealed class DynamoDbApprovalInboxTests(AwsStandIn aws) : ApprovalInboxConformance, IAsyncLifetime
{
    private RunStoreOfTest? _store;

    private protected override IRunJournal Journal => _store!.Journal;

    private protected override IApprovalInbox Inbox => _store!.Inbox;

    public async ValueTask InitializeAsync() => _store = await RunStoreOfTest.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }
}
