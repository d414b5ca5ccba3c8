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
internal sealed class DynamoDbUnpublishedRuns(StoreRequests requests, JournalTable table, ServedRuns served) : IUnpublishedRuns
{
    private const int MaxConcurrent = 16;
    private const int PageSize = 1_000;

    private static readonly (string From, string To)[] Waiting = [(OpenPlace.First, OpenPlace.AfterUnknown), (OpenPlace.FirstWaiting, OpenPlace.Last)];

    public async IAsyncEnumerable<IReadOnlyList<RunMark>> FindEndedAsync(PollerShare share, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var parts = served.In(share, table.OpenShards);
        var queries = parts.Select(each => (Query: Query(each.Part, OpenPlace.FirstEnded, OpenPlace.AfterEnded, (pageSize / parts.Count) + 1), each.IsMine)).ToList();
        while (queries.Count > 0)
        {
            var pages = await StoreFailures.ReadingAsync(table.Store, () => ReadAsync([.. queries.Select(static each => each.Query)], cancellation), cancellation);
            yield return [.. pages.SelectMany((page, i) => Read(page, queries[i].IsMine))];
            for (var i = 0; i < pages.Length; i++) queries[i].Query.ExclusiveStartKey = pages[i].LastEvaluatedKey;
            queries.RemoveAll(static each => each.Query.ExclusiveStartKey is not { Count: > 0 });
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<RunMark>> FindWaitingAsync(PollerShare share, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (part, isMine) in served.In(share, table.OpenShards))
        {
            foreach (var (from, to) in Waiting)
            {
                var query = Query(part, from, to, PageSize);
                do
                {
                    var page = await StoreFailures.ReadingAsync(table.Store, () => requests.QueryAsync(query, cancellation), cancellation);
                    yield return Read(page, isMine);
                    query.ExclusiveStartKey = page.LastEvaluatedKey;
                }
                while (query.ExclusiveStartKey is { Count: > 0 });
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Each request is of one tenant, as all are: credentials may reach no further.</remarks>
    public Task CloseAsync(IReadOnlyList<RunKey> runs, CancellationToken cancellation) => StoreFailures.ReadingAsync(table.Store, async () =>
    {
        var requested = runs.GroupBy(static run => run.Tenant).SelectMany(static same => same.Chunk(StoreRequests.MaxBatchWrites));
        await Parallel.ForEachAsync(requested, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent, CancellationToken = cancellation }, async (some, stop) =>
            await requests.DeleteAsync(table.Name, [.. some.Select(UnpublishedItem.Key)], stop));
        return true;
    }, cancellation);

    private async Task<QueryResponse[]> ReadAsync(QueryRequest[] queries, CancellationToken cancellation)
    {
        var pages = new QueryResponse[queries.Length];
        await Parallel.ForAsync(0, pages.Length, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent, CancellationToken = cancellation }, async (i, stop) =>
            pages[i] = await requests.QueryAsync(queries[i], stop));
        return pages;
    }

    private static IReadOnlyList<RunMark> Read(QueryResponse page, Predicate<RunKey> isMine) =>
    [
        .. page.Items.Select(static item => (Run: JournalKeys.ParseRun(item.TextOf(DynamoDbTable.PartitionKey)), Place: item.TextOf(JournalTable.OpenSort)))
            .Where(each => isMine(each.Run)).Select(static each => OpenPlace.MarkOf(each.Run, each.Place)).OfType<RunMark>(),
    ];

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
