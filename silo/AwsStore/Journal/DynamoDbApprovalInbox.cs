using System.Globalization;
using AgentRuntime.Approvals;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Common;
using AgentRuntime.Runs.Index;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// The approvals of each tenant, in the order in which they were asked. Lists and the count come from an index that follows within about a second;
/// the version may so be ahead of the list, and whoever watches it asks for the list again. What is shown of each approval is what it is now.
/// </summary>
internal sealed class DynamoDbApprovalInbox(StoreRequests requests, JournalTable table, ServedRuns served) : IApprovalInbox
{
    private const int MaxPage = 100;

    public Task<ApprovalView?> GetAsync(TenantId tenant, ApprovalId approval, CancellationToken cancellation) => ReadingAsync(
        async () => await requests.GetAsync(table.Name, ApprovalItem.Key(tenant, approval), cancellation) is { } item ? ApprovalItem.Decode(item) : null, cancellation);

    public Task<long> GetVersionAsync(TenantId tenant, CancellationToken cancellation) => ReadingAsync(
        async () => (await requests.QueryAsync(ApprovalItem.OfVersion(table.Name, tenant), cancellation)).Items.Sum(ApprovalItem.VersionIn), cancellation);

    public Task<long> CountWaitingAsync(CancellationToken cancellation) => ReadingAsync(
        async () => (await Task.WhenAll(ApprovalItem.PendingParts.Select(part => CountAsync(part, cancellation)))).Sum(), cancellation);

    public Task<ApprovalPage> ListAsync(TenantId tenant, ApprovalState? state, string? after, int limit, CancellationToken cancellation)
    {
        var last = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out last))
            throw new InvalidInputException("page_token", "is not one that a list of approvals returned; begin without one.");
        return ReadingAsync(() => FindAsync(tenant, state is { } one ? [one] : Enum.GetValues<ApprovalState>(), last, limit, cancellation), cancellation);
    }

    // Each state has its own list; all together are in the order of their numbers.
    private async Task<ApprovalPage> FindAsync(TenantId tenant, ApprovalState[] states, long after, int limit, CancellationToken cancellation)
    {
        var lists = await Task.WhenAll(states.Select(state => PlacesAsync(ApprovalItem.ListOf(tenant, state), after, limit + 1, cancellation)));
        // One that was decided while the lists were read may be in two of them.
        var places = lists.SelectMany(static list => list).OrderBy(static place => place.Number).DistinctBy(static place => place.Partition).ToList();
        var shown = places.Take(limit).ToList();
        var views = new Dictionary<string, ApprovalView>(StringComparer.Ordinal);
        foreach (var batch in shown.Chunk(MaxPage))
        {
            var keys = batch.Select(static place => new Dictionary<string, AttributeValue> { [DynamoDbTable.PartitionKey] = Item.Text(place.Partition), [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Single) });
            foreach (var item in await requests.GetAsync(table.Name, [.. keys], cancellation)) views[item.TextOf(DynamoDbTable.PartitionKey)] = ApprovalItem.Decode(item);
        }

        var page = shown.Where(place => views.ContainsKey(place.Partition)).Select(place => views[place.Partition]).Where(view => states.Contains(view.State));
        return new ApprovalPage([.. page], places.Count > limit ? shown[^1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }

    private async Task<List<(long Number, string Partition)>> PlacesAsync(string list, long after, int limit, CancellationToken cancellation)
    {
        var query = Query(JournalTable.ListedIndex, JournalTable.ListedPartition, list);
        query.KeyConditionExpression += " AND #s > :after";
        query.ExpressionAttributeNames["#s"] = JournalTable.ListedSort;
        query.ExpressionAttributeValues[":after"] = Item.Text(RunList.SortOf(after));
        query.Limit = limit;
        var page = await requests.QueryAsync(query, cancellation);
        return [.. page.Items.Select(static item => (RunList.NumberOf(item.TextOf(JournalTable.ListedSort)), item.TextOf(DynamoDbTable.PartitionKey)))];
    }

    private async Task<long> CountAsync(string part, CancellationToken cancellation)
    {
        var query = Query(JournalTable.OpenIndex, JournalTable.OpenPartition, part);
        if (!served.AreSome) query.Select = Amazon.DynamoDBv2.Select.COUNT;
        var count = 0L;
        do
        {
            var page = await requests.QueryAsync(query, cancellation);
            count += served.AreSome ? page.Items.Count(item => served.Serves(JournalKeys.TenantOf(item.TextOf(DynamoDbTable.PartitionKey)))) : page.Count ?? 0;
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
        return count;
    }

    private QueryRequest Query(string index, string attribute, string partition) => new()
    {
        TableName = table.Name,
        IndexName = index,
        KeyConditionExpression = "#p = :p",
        ExpressionAttributeNames = new() { ["#p"] = attribute },
        ExpressionAttributeValues = new() { [":p"] = Item.Text(partition) },
    };

    private Task<T> ReadingAsync<T>(Func<Task<T>> read, CancellationToken cancellation) => StoreFailures.ReadingAsync(table.Store, read, cancellation);
}
