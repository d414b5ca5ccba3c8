using System.Runtime.CompilerServices;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Publishing;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>The runs whose records subscribers may lack, by the index of what is open.</summary>
internal sealed class DynamoDbUnpublishedRuns(StoreRequests requests, JournalTable table) : IUnpublishedRuns
{
    private const int MaxConcurrent = 16;
    private const int PageSize = 1_000;

    public Task<IReadOnlyList<RunMark>> FindEndedAsync(PollerShare share, int limit, CancellationToken cancellation) =>
        StoreFailures.ReadingAsync<IReadOnlyList<RunMark>>(table.Store, async () =>
        {
            var parts = Parts(share);
            var found = new List<RunMark>[parts.Length];
            await Parallel.ForAsync(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent, CancellationToken = cancellation }, async (i, stop) =>
                found[i] = Read(await requests.QueryAsync(Query(parts[i], OpenPlace.FirstEnded, OpenPlace.AfterEnded, (limit / parts.Length) + 1), stop)));
            return [.. found.SelectMany(static each => each)];
        }, cancellation);

    public async IAsyncEnumerable<IReadOnlyList<RunMark>> FindWaitingAsync(PollerShare share, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var spans = Parts(share).SelectMany(static part => new[] { (part, OpenPlace.First, OpenPlace.AfterUnknown), (part, OpenPlace.FirstWaiting, OpenPlace.Last) });
        foreach (var (part, from, to) in spans)
        {
            var query = Query(part, from, to, PageSize);
            do
            {
                var page = await StoreFailures.ReadingAsync(table.Store, () => requests.QueryAsync(query, cancellation), cancellation);
                yield return Read(page);
                query.ExclusiveStartKey = page.LastEvaluatedKey;
            }
            while (query.ExclusiveStartKey is { Count: > 0 });
        }
    }

    public Task CloseAsync(IReadOnlyList<RunKey> runs, CancellationToken cancellation) => StoreFailures.ReadingAsync(table.Store, async () =>
    {
        foreach (var some in runs.Chunk(StoreRequests.MaxBatchWrites)) await requests.DeleteAsync(table.Name, [.. some.Select(UnpublishedItem.Key)], cancellation);
        return true;
    }, cancellation);

    private int[] Parts(PollerShare share) => [.. Enumerable.Range(0, table.OpenShards).Where(part => part % share.Count == share.Rank)];

    private static List<RunMark> Read(QueryResponse page) =>
        [.. page.Items.Select(static item => OpenPlace.MarkOf(JournalKeys.ParseRun(item.TextOf(DynamoDbTable.PartitionKey)), item.TextOf(JournalTable.OpenSort))).OfType<RunMark>()];

    private QueryRequest Query(int part, string from, string to, int limit) => new()
    {
        TableName = table.Name,
        IndexName = JournalTable.OpenIndex,
        Limit = limit,
        KeyConditionExpression = "#p = :p AND #s BETWEEN :from AND :to",
        ExpressionAttributeNames = new() { ["#p"] = JournalTable.OpenPartition, ["#s"] = JournalTable.OpenSort },
        ExpressionAttributeValues = new() { [":p"] = Item.Text(OpenPlace.PartitionOf(part)), [":from"] = Item.Text(from), [":to"] = Item.Text(to) },
    };
}
