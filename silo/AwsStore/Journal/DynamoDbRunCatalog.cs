using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Lists of runs by an index in the order of their start, which follows the heads within about a second; what is shown of each is its head as it is
/// now. Agent and status are looked for in the index, among so many at most for a page.
/// </summary>
internal sealed class DynamoDbRunCatalog(StoreRequests requests, TenantCounters counters, JournalTable table) : IRunCatalog
{
    /// <summary>About 250 read units, and a request for each MB.</summary>
    public const int MaxLookedAt = 10_000;

    private const int Page = 1_000;

    public Task<IReadOnlyDictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        StoreFailures.ReadingAsync<IReadOnlyDictionary<RunStatus, long>>(table.Store, async () => await counters.CountAsync(tenant, cancellation), cancellation);

    public Task<RunPage> ListAsync(TenantId tenant, RunQuery query, CancellationToken cancellation) =>
        StoreFailures.ReadingAsync(table.Store, () => FindAsync(tenant, query, cancellation), cancellation);

    private async Task<RunPage> FindAsync(TenantId tenant, RunQuery query, CancellationToken cancellation)
    {
        var rows = new List<RunRow>();
        if (Request(tenant, query) is not { } request) return new RunPage(rows, null);
        request.TableName = table.Name;
        for (var lookedAt = 0; ;)
        {
            var page = await requests.QueryAsync(request, cancellation);
            foreach (var row in await HeadsAsync(page.Items.ConvertAll(static item => item.TextOf(DynamoDbTable.PartitionKey)), cancellation))
            {
                if (!Fits(row, query)) continue;
                if (rows.Count == query.Limit) return new RunPage(rows, rows[^1].RunNo);
                rows.Add(row);
            }

            lookedAt += page.ScannedCount ?? 0;
            if (page.LastEvaluatedKey is not { Count: > 0 } last) return new RunPage(rows, null);
            if (lookedAt >= MaxLookedAt) return new RunPage(rows, RunList.NumberOf(last.TextOf(JournalTable.ListedSort)));
            request.ExclusiveStartKey = last;
        }
    }

    private static QueryRequest? Request(TenantId tenant, RunQuery query)
    {
        var first = query.From is { } from ? RunNumbers.FirstAt(from) : 0;
        var last = query.Before is { } before ? RunNumbers.LastAt(before) : long.MaxValue;
        if (query is { After: { } older, IsOldestFirst: true }) first = Math.Max(first, older + 1);
        if (query is { After: { } newer, IsOldestFirst: false }) last = Math.Min(last, newer - 1);
        if (first > last) return null;
        var request = new QueryRequest
        {
            IndexName = JournalTable.ListedIndex,
            ScanIndexForward = query.IsOldestFirst,
            KeyConditionExpression = "#p = :p AND #s BETWEEN :first AND :last",
            ExpressionAttributeNames = new() { ["#p"] = JournalTable.ListedPartition, ["#s"] = JournalTable.ListedSort },
            ExpressionAttributeValues = new()
            {
                [":p"] = Item.Text(RunList.PartitionOf(tenant)), [":first"] = Item.Text(RunList.SortOf(first)), [":last"] = Item.Text(RunList.SortOf(last)),
            },
        };
        var conditions = new List<string>();
        if (query.Agent is { } agent) AddCondition("#a", HeadItem.Agent, ":a", Item.Text(agent));
        if (query.Status is { } status) AddCondition("#st", HeadItem.Status, ":st", Item.Number((long)status));
        if (conditions.Count > 0) request.FilterExpression = string.Join(" AND ", conditions);
        // One more than is shown, to know whether a page follows.
        request.Limit = conditions.Count > 0 ? Page : Math.Min(query.Limit + 1, Page);
        return request;

        void AddCondition(string name, string attribute, string value, AttributeValue wanted)
        {
            request.ExpressionAttributeNames[name] = attribute;
            request.ExpressionAttributeValues[value] = wanted;
            conditions.Add($"{name} = {value}");
        }
    }

    // In the order of the index. A status may have changed since the index was written.
    private async Task<List<RunRow>> HeadsAsync(List<string> partitions, CancellationToken cancellation)
    {
        var rows = new List<RunRow>(partitions.Count);
        foreach (var batch in partitions.Chunk(StoreRequests.MaxBatch))
        {
            List<Dictionary<string, AttributeValue>> keys =
                [.. batch.Select(static partition => new Dictionary<string, AttributeValue> { [DynamoDbTable.PartitionKey] = Item.Text(partition), [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Head) })];
            var heads = (await requests.GetAsync(table.Name, keys, cancellation)).ToDictionary(static item => item.TextOf(DynamoDbTable.PartitionKey), StringComparer.Ordinal);
            rows.AddRange(batch.Where(heads.ContainsKey).Select(partition => HeadItem.Decode(heads[partition]).Row));
        }

        return rows;
    }

    private static bool Fits(RunRow row, RunQuery query) =>
        (query.Status is not { } status || row.Status == status)
        && (query.Agent is not { } agent || row.Agent == agent)
        && (query.From is not { } from || row.StartedAt >= from)
        && (query.Before is not { } before || row.StartedAt < before);
}
