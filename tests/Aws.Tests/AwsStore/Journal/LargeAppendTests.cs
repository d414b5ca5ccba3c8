using System.Security.Cryptography;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>Appends beyond what an item holds. On DynamoDB Local, which has the limits of DynamoDB.</summary>
public sealed class LargeAppendTests(AwsStandIn aws) : IAsyncLifetime
{
    private RunStoreOfTest? _store;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IRunJournal Journal => _store!.Journal;

    public async ValueTask InitializeAsync() => _store = await RunStoreOfTest.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    [Fact]
    public async Task AppendAsync_RecordsThatTogetherExceedAnItem_AreReadWholeAndInParts()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run));
        var entries = Enumerable.Range(1, 40).Select(seq => Entry(seq, 60_000)).ToList();
        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(new JournalAppend(run, 1, entries)));
        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(Next(run, 41)));
        Assert.IsType<AppendResult.Fenced>(await Journal.AppendAsync(Next(run, 17)));

        Assert.Equal(42, (await Journal.LoadAsync(run, Stop))!.Entries.Count);
        var middle = await Journal.ReadAsync(run, 20, 3, int.MaxValue, Stop);
        Assert.Equal([20, 21, 22], middle.Select(entry => entry.Seq));
        Assert.Equal(entries[19].Seal, middle[0].Seal);
    }

    [Fact]
    public async Task AppendAsync_LongestStart_IsReadBack()
    {
        var run = NewRun();
        var entries = Enumerable.Range(0, 8_000).Select(seq => Entry(seq, 500)).ToList();

        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(Start(run) with { Entries = entries }));

        Assert.Equal(entries.Select(entry => Convert.ToHexString(entry.Header)), (await Journal.LoadAsync(run, Stop))!.Entries.Select(entry => Convert.ToHexString(entry.Header)));
    }

    [Fact]
    public async Task EraseAsync_OneOfMany_LeavesNoPieceWithIt()
    {
        var run = NewRun();
        var secret = new JournalEntry(1, RandomNumberGenerator.GetBytes(200), RandomNumberGenerator.GetBytes(900_000));
        await Journal.AppendAsync(Start(run));
        await Journal.AppendAsync(new JournalAppend(run, 1, [secret, Entry(2, 60_000)]));

        Assert.True(await Journal.EraseAsync(run, 1));

        var read = await Journal.ReadAsync(run, 1, 2, int.MaxValue, Stop);
        Assert.Null(read[0].Seal);
        Assert.NotNull(read[1].Seal);
        Assert.True((await PiecesAsync(run)).Sum(piece => piece["d"].B.Length) < 100_000);
    }

    [Fact]
    public async Task AppendAsync_Fenced_LeavesNoPiece()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run));
        await Journal.AppendAsync(Next(run, 1));

        Assert.IsType<AppendResult.Fenced>(await Journal.AppendAsync(new JournalAppend(run, 1, [Entry(1, 1_000_000)])));

        Assert.Empty(await PiecesAsync(run));
    }

    private async Task<List<Dictionary<string, AttributeValue>>> PiecesAsync(Runs.RunKey run) =>
        (await _store!.Services.GetRequiredService<IAmazonDynamoDB>().QueryAsync(
            new QueryRequest
            {
                TableName = _store.Table.Name,
                KeyConditionExpression = $"{DynamoDbTable.PartitionKey} = :p",
                ExpressionAttributeValues = new() { [":p"] = new AttributeValue(JournalKeys.Pieces(run)) },
            },
            Stop)).Items ?? [];
}
