using System.Runtime.CompilerServices;
using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// The runs that owe something, by a sparse index in parts; a poller's share is some of the parts. The index follows the heads within about a
/// second, so a run may be found that is well by now, or a second late: whoever is woken reads the head before it does anything.
/// </summary>
internal sealed class DynamoDbOpenRunIndex(StoreRequests requests, JournalTable table, ServedRuns served) : IOpenRunIndex
{
    // What one request reads in vain when the first runs are those of a silo that lives: it costs the same as reading one.
    private const int FirstPage = 25;
    private const int ListPage = 500;
    private const int MaxConcurrent = 16;

    public Task<IReadOnlyList<RunKey>> FindOrphansAsync(IReadOnlyCollection<string> liveOwners, PollerShare share, int limit, CancellationToken cancellation)
    {
        var live = liveOwners.ToDictionary(KeyText.Escape, StringComparer.Ordinal);
        return GatherAsync(share, limit, (part, isMine) => FindOrphansAsync(part, isMine, live, limit, cancellation), cancellation);
    }

    public Task<IReadOnlyList<RunKey>> FindHeldAsync(string owner, Func<RunKey, bool> isDriven, int limit, CancellationToken cancellation) =>
        GatherAsync(PollerShare.Whole, limit, (part, isMine) => FindHeldAsync(part, owner, run => isMine(run) && !isDriven(run), limit, cancellation), cancellation);

    public Task<IReadOnlyList<RunKey>> FindDueAsync(DateTimeOffset now, PollerShare share, int limit, CancellationToken cancellation) =>
        GatherAsync(share, limit, (part, isMine) => FindDueAsync(part, isMine, now, limit, cancellation), cancellation);

    /// <summary>
    /// All open runs of a part, those that wait for nobody knows how long first: a run that is paused after it was read does not come again.
    /// </summary>
    public async IAsyncEnumerable<RunKey> ListAsync(int part, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = Query(OpenPlace.PartitionOf(part), OpenPlace.First, OpenPlace.Last, ListPage);
        do
        {
            var page = await requests.QueryAsync(query, cancellation);
            foreach (var item in page.Items) yield return JournalKeys.ParseRun(item.TextOf(DynamoDbTable.PartitionKey));
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
    }

    private Task<IReadOnlyList<RunKey>> GatherAsync(PollerShare share, int limit, Func<string, Predicate<RunKey>, Task<List<Found>>> find, CancellationToken cancellation) =>
        StoreFailures.ReadingAsync<IReadOnlyList<RunKey>>(table.Store, async () =>
        {
            var parts = served.In(share, table.OpenShards);
            var found = new List<Found>[parts.Count];
            await Parallel.ForAsync(0, parts.Count, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent, CancellationToken = cancellation }, async (i, _) =>
                found[i] = await find(OpenPlace.PartitionOf(parts[i].Part), parts[i].IsMine));
            return [.. found.SelectMany(static each => each).OrderBy(static each => each.Order).Take(limit).Select(static each => each.Run)];
        }, cancellation);

    /// <summary>Owner by owner, stepping over those that live: asked each second, it must not read all the runs that are well.</summary>
    private async Task<List<Found>> FindOrphansAsync(string part, Predicate<RunKey> isMine, Dictionary<string, string> live, int limit, CancellationToken cancellation)
    {
        var found = new List<Found>();
        var from = OpenPlace.FirstRunnable;
        for (var size = FirstPage; found.Count < limit;)
        {
            var page = await requests.QueryAsync(Query(part, from, OpenPlace.AfterRunnable, size), cancellation);
            var isSkipping = false;
            foreach (var item in page.Items)
            {
                var sort = item.TextOf(JournalTable.OpenSort);
                if (live.TryGetValue(OpenPlace.OwnerIn(sort), out var owner))
                {
                    (from, isSkipping, size) = (OpenPlace.AfterOwner(owner), true, FirstPage);
                    break;
                }

                var run = Read(item, sort);
                if (isMine(run.Run)) found.Add(run);
                from = $"{sort}!";
            }

            if (isSkipping) continue;
            if (page.LastEvaluatedKey is not { Count: > 0 }) return found;
            size = limit;
        }

        // Runs of an owner are in the order of their start, but owners are not: the oldest may be another's.
        return found;
    }

    /// <summary>All that an owner has in a part are read, page by page: one that nobody drives may be younger than any number that somebody does.</summary>
    private async Task<List<Found>> FindHeldAsync(string part, string owner, Predicate<RunKey> isWanted, int limit, CancellationToken cancellation)
    {
        var found = new List<Found>();
        var query = Query(part, OpenPlace.FirstOfOwner(owner), OpenPlace.AfterOwner(owner), limit);
        do
        {
            var page = await requests.QueryAsync(query, cancellation);
            found.AddRange(page.Items.Select(static item => Read(item, item.TextOf(JournalTable.OpenSort))).Where(each => isWanted(each.Run)));
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (found.Count < limit && query.ExclusiveStartKey is { Count: > 0 });
        return found;
    }

    /// <summary>Past those that other silos look after, however many are due: while nobody serves a segment its runs stay where they are.</summary>
    private async Task<List<Found>> FindDueAsync(string part, Predicate<RunKey> isMine, DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var found = new List<Found>();
        var query = Query(part, OpenPlace.FirstWaiting, OpenPlace.AfterDue(now), limit);
        do
        {
            var page = await requests.QueryAsync(query, cancellation);
            found.AddRange(page.Items.Select(static item => Read(item, item.TextOf(JournalTable.OpenSort))).Where(each => isMine(each.Run)));
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (found.Count < limit && query.ExclusiveStartKey is { Count: > 0 });
        return found;
    }

    private QueryRequest Query(string part, string from, string to, int limit) => new()
    {
        TableName = table.Name,
        IndexName = JournalTable.OpenIndex,
        Limit = limit,
        KeyConditionExpression = "#p = :p AND #s BETWEEN :from AND :to",
        ExpressionAttributeNames = new() { ["#p"] = JournalTable.OpenPartition, ["#s"] = JournalTable.OpenSort },
        ExpressionAttributeValues = new() { [":p"] = Item.Text(part), [":from"] = Item.Text(from), [":to"] = Item.Text(to) },
    };

    private static Found Read(Dictionary<string, AttributeValue> item, string sort) =>
        new(OpenPlace.OrderOf(sort), JournalKeys.ParseRun(item.TextOf(DynamoDbTable.PartitionKey)));

    private readonly record struct Found(long Order, RunKey Run);
}
