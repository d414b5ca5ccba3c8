using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Requests;

/// <summary>All requests that the store makes of DynamoDB: each asks what it cost, and that is counted.</summary>
internal sealed class StoreRequests(IAmazonDynamoDB client, StoreInstruments instruments, TimeProvider time)
{
    /// <summary>The most keys that one batch may read.</summary>
    public const int MaxBatch = 100;

    /// <summary>The most items that one batch may write.</summary>
    public const int MaxBatchWrites = 25;

    /// <summary>Batches may come back unfinished; after so many the rest is left to the caller's next try.</summary>
    private const int MaxBatchRounds = 8;

    // What was not processed was throttled, or was more than one request reads. With doubled pauses, 50 ms to 3.2 s, of which at least half is waited.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads one item, strongly consistent.</summary>
    public async Task<Dictionary<string, AttributeValue>?> GetAsync(string table, Dictionary<string, AttributeValue> key, CancellationToken cancellation)
    {
        var request = new GetItemRequest { TableName = table, Key = key, ConsistentRead = true, ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL };
        var response = await client.GetItemAsync(request, cancellation);
        instruments.Read(nameof(GetItemRequest), response.ConsumedCapacity);
        return response.IsItemSet ? response.Item : null;
    }

    /// <summary>Reads up to <see cref="MaxBatch"/> items, strongly consistent, in no order. Those that are not there are left out.</summary>
    public async Task<List<Dictionary<string, AttributeValue>>> GetAsync(
        string table, List<Dictionary<string, AttributeValue>> keys, CancellationToken cancellation)
    {
        var found = new List<Dictionary<string, AttributeValue>>(keys.Count);
        for (var round = 0; keys.Count > 0; round++)
        {
            if (round == MaxBatchRounds) throw new ProvisionedThroughputExceededException($"{keys.Count} items were left out of {round} batches");
            if (round > 0) await PauseAsync(round, cancellation);
            var request = new BatchGetItemRequest
            {
                RequestItems = new() { [table] = new KeysAndAttributes { Keys = keys, ConsistentRead = true } },
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            };
            var response = await client.BatchGetItemAsync(request, cancellation);
            foreach (var each in response.ConsumedCapacity ?? []) instruments.Read(nameof(BatchGetItemRequest), each);
            if (response.Responses?.GetValueOrDefault(table) is { } items) found.AddRange(items);
            keys = response.UnprocessedKeys?.GetValueOrDefault(table)?.Keys ?? [];
        }

        return found;
    }

    public async Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellation)
    {
        request.ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL;
        var response = await client.QueryAsync(request, cancellation);
        instruments.Read(request.IndexName is null ? nameof(QueryRequest) : "QueryIndexRequest", response.ConsumedCapacity);
        response.Items ??= [];
        return response;
    }

    public async Task PutAsync(PutItemRequest request)
    {
        request.ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL;
        var response = await client.PutItemAsync(request, CancellationToken.None);
        instruments.Written(nameof(PutItemRequest), response.ConsumedCapacity);
    }

    public async Task DeleteAsync(DeleteItemRequest request)
    {
        request.ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL;
        var response = await client.DeleteItemAsync(request, CancellationToken.None);
        instruments.Written(nameof(DeleteItemRequest), response.ConsumedCapacity);
    }

    /// <summary>Deletes up to <see cref="MaxBatchWrites"/> items, whatever they hold.</summary>
    public async Task DeleteAsync(string table, List<Dictionary<string, AttributeValue>> keys, CancellationToken cancellation)
    {
        var writes = keys.ConvertAll(static key => new WriteRequest(new DeleteRequest(key)));
        for (var round = 0; writes.Count > 0; round++)
        {
            if (round == MaxBatchRounds) throw new ProvisionedThroughputExceededException($"{writes.Count} items were left out of {round} batches");
            if (round > 0) await PauseAsync(round, cancellation);
            var request = new BatchWriteItemRequest { RequestItems = new() { [table] = writes }, ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL };
            var response = await client.BatchWriteItemAsync(request, cancellation);
            foreach (var each in response.ConsumedCapacity ?? []) instruments.Written(nameof(BatchWriteItemRequest), each);
            writes = response.UnprocessedItems?.GetValueOrDefault(table) ?? [];
        }
    }

    /// <summary>Writes all of it or nothing. The SDK's own repetitions carry one token, so that what is repeated is not done twice.</summary>
    public async Task WriteAsync(List<TransactWriteItem> writes)
    {
        var request = new TransactWriteItemsRequest
        {
            TransactItems = writes,
            ClientRequestToken = Guid.NewGuid().ToString("N"),
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
        var response = await client.TransactWriteItemsAsync(request, CancellationToken.None);
        foreach (var each in response.ConsumedCapacity ?? []) instruments.Written(nameof(TransactWriteItemsRequest), each);
    }

    private Task PauseAsync(int round, CancellationToken cancellation) => Task.Delay(FirstPause * (1 << (round - 1)) * (0.5 + Random.Shared.NextDouble() / 2), time, cancellation);
}
