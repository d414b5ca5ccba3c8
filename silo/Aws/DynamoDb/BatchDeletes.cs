using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb;

internal static class BatchDeletes
{
    // DynamoDB takes 25 in one request.
    private const int BatchSize = 25;

    // What was not processed was throttled. With doubled pauses, 50 ms to 3.2 s.
    private const int MaxRounds = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Deletes items by their keys; those that DynamoDB hands back are asked for again.</summary>
    /// <exception cref="ProvisionedThroughputExceededException">After 8 rounds there was still something left.</exception>
    public static async Task DeleteAsync(
        this IAmazonDynamoDB client, string table, IEnumerable<Dictionary<string, AttributeValue>> items, TimeProvider time, CancellationToken cancellation)
    {
        var deletes = items.Select(static item => new WriteRequest(new DeleteRequest(new()
        {
            [DynamoDbTable.PartitionKey] = item[DynamoDbTable.PartitionKey],
            [DynamoDbTable.SortKey] = item[DynamoDbTable.SortKey],
        })));
        foreach (var batch in deletes.Chunk(BatchSize))
        {
            await DeleteAsync(client, new() { [table] = [.. batch] }, time, cancellation);
        }
    }

    private static async Task DeleteAsync(
        IAmazonDynamoDB client, Dictionary<string, List<WriteRequest>> left, TimeProvider time, CancellationToken cancellation)
    {
        for (var (round, pause) = (1, FirstPause); round <= MaxRounds; round++, pause *= 2)
        {
            var response = await client.BatchWriteItemAsync(new BatchWriteItemRequest(left), cancellation);
            left = response.UnprocessedItems ?? [];
            if (left.Count == 0) return;
            await Task.Delay(pause, time, cancellation);
        }

        throw new ProvisionedThroughputExceededException($"DynamoDB handed {left.Sum(static table => table.Value.Count)} deletes back {MaxRounds} times.");
    }
}
