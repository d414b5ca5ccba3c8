using AgentRuntime.Aws.Tests.AwsStore;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Dynalite;

/// <summary>On dynalite, transactions split.</summary>
public sealed class DynaliteRunJournalTests(DynaliteStandIn aws) : RunJournalConformance, IAsyncLifetime
{
    private RunStoreOfTest? _store;

    private protected override IRunJournal Journal => _store!.Journal;

    public async ValueTask InitializeAsync() => _store = await DynaliteRunStore.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    /// <summary>Needs transactions: a start that the counter refuses has written its records by then.</summary>
    public override Task AppendAsync_OpenRunLimitUnderConcurrency_IsExact() => RequireNoTransactionsAsync();

    /// <summary>Needs them for the same reason.</summary>
    public override Task TryChangeRowAsync_Closing_CountsTheRunNoMore() => RequireNoTransactionsAsync();

    // When dynalite has them, all of this runs unsplit.
    private async Task RequireNoTransactionsAsync()
    {
        await using var clients = await aws.ClientsAsync();
        var refusal = await Assert.ThrowsAnyAsync<AmazonDynamoDBException>(() => clients.GetRequiredService<IAmazonDynamoDB>().TransactWriteItemsAsync(
            new TransactWriteItemsRequest { TransactItems = [] }, TestContext.Current.CancellationToken));
        Assert.Equal("UnknownOperationException", refusal.ErrorCode);
    }
}
