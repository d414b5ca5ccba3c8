using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Common;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>On DynamoDB Local.</summary>
public sealed class DynamoDbApprovalInboxTests(AwsStandIn aws) : ApprovalInboxConformance, IAsyncLifetime
{
    private RunStoreOfTest? _store;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected override IRunJournal Journal => _store!.Journal;

    private protected override IApprovalInbox Inbox => _store!.Inbox;

    public async ValueTask InitializeAsync() => _store = await RunStoreOfTest.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    [Fact]
    public async Task AppendAsync_ManyApprovals_SpreadsTheVersionAndWhatWaits()
    {
        const int Approvals = 64;
        var client = _store!.Services.GetRequiredService<IAmazonDynamoDB>();
        // As an earlier release keeps the version.
        await client.PutItemAsync(_store.Table.Name, new() { ["pk"] = new("T#acme#INBOX"), ["sk"] = new("-"), ["v"] = new() { N = "100" } }, Stop);
        var run = NewRun();
        for (var seq = 0; seq < Approvals; seq++)
            await Journal.AppendAsync((seq == 0 ? Start(run) : Next(run, seq)) with { Inbox = [Approval($"approval-{seq}", run)] });

        Assert.Equal(100 + Approvals, await Inbox.GetVersionAsync(TenantId.Parse("acme"), Stop));
        var versions = await QueryAsync(client, index: null, "pk", "T#acme#INBOX");
        Assert.InRange(versions.Count, 2, 8);
        var waiting = await Task.WhenAll(ApprovalItem.PendingParts.Select(part => QueryAsync(client, JournalTable.OpenIndex, JournalTable.OpenPartition, part)));
        Assert.All(waiting, Assert.NotEmpty);
        Assert.Equal(Approvals, waiting.Sum(static part => part.Count));
    }

    private async Task<List<Dictionary<string, AttributeValue>>> QueryAsync(IAmazonDynamoDB client, string? index, string attribute, string value) => (await client.QueryAsync(
        new QueryRequest
        {
            TableName = _store!.Table.Name,
            IndexName = index,
            KeyConditionExpression = $"{attribute} = :p",
            ExpressionAttributeValues = new() { [":p"] = new(value) },
        },
        Stop)).Items ?? [];
}
