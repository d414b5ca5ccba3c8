using System.Globalization;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// How many runs a tenant has in each status, and how many of them are open: in several counters, so that runs which start at once seldom meet.
/// Each counter has its part of the limit, so that the sum keeps it exactly. They change with the head, in its transaction.
/// </summary>
internal sealed class TenantCounters(StoreRequests requests, JournalTable table)
{
    public const int Count = 8;

    private const string Open = "o";
    private const string StatusPrefix = "s";

    /// <summary>A counter for a run that starts; null when no run may.</summary>
    public static int? Pick(int maxOpenRuns) => maxOpenRuns <= 0 ? null : Random.Shared.Next(Math.Min(maxOpenRuns, Count));

    /// <summary>The write that counts a change; null when it changes no count.</summary>
    /// <param name="before">The row before; null when the run starts.</param>
    /// <param name="after">The row after.</param>
    /// <param name="counter">The counter that counts the run.</param>
    /// <param name="maxOpenRuns">The tenant's limit; null when it does not matter.</param>
    public TransactWriteItem? Change(RunRow? before, RunRow after, int counter, int? maxOpenRuns)
    {
        var opened = IsOpen(after) - (before is null ? 0 : IsOpen(before));
        if (opened == 0 && before?.Status == after.Status) return null;
        var update = new Update
        {
            TableName = table.Name,
            Key = Key(after.Key.Tenant, counter),
            ExpressionAttributeNames = new() { ["#o"] = Open, ["#a"] = Name(after.Status) },
            ExpressionAttributeValues = new() { [":o"] = Item.Number(opened), [":a"] = Item.Number(1) },
            UpdateExpression = "ADD #o :o, #a :a",
        };
        if (before is not null)
        {
            update.ExpressionAttributeNames["#b"] = Name(before.Status);
            update.ExpressionAttributeValues[":b"] = Item.Number(-1);
            update.UpdateExpression += ", #b :b";
        }

        if (opened > 0 && maxOpenRuns is { } max)
        {
            update.ExpressionAttributeValues[":max"] = Item.Number(Part(counter, max));
            update.ConditionExpression = "attribute_not_exists(#o) OR #o < :max";
        }

        return new TransactWriteItem { Update = update };
    }

    /// <summary>A counter that has room now, if there is one, and how many runs are open.</summary>
    public async Task<(int? Counter, int Open)> FindRoomAsync(TenantId tenant, int maxOpenRuns)
    {
        var open = new long[Count];
        foreach (var item in await ReadAsync(tenant, CancellationToken.None))
            open[int.Parse(item.TextOf(DynamoDbTable.PartitionKey).Split('#')[^1], CultureInfo.InvariantCulture)] = item.NumberOrNull(Open) ?? 0;
        var room = Enumerable.Range(0, Count).Where(counter => open[counter] < Part(counter, maxOpenRuns)).ToArray();
        return (room.Length == 0 ? null : room[Random.Shared.Next(room.Length)], (int)open.Sum());
    }

    /// <summary>Runs by status.</summary>
    public async Task<Dictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation)
    {
        var counts = new Dictionary<RunStatus, long>();
        var items = await ReadAsync(tenant, cancellation);
        foreach (var status in Enum.GetValues<RunStatus>())
        {
            var sum = items.Sum(item => item.NumberOrNull(Name(status)) ?? 0);
            if (sum > 0) counts[status] = sum;
        }

        return counts;
    }

    private Task<List<Dictionary<string, AttributeValue>>> ReadAsync(TenantId tenant, CancellationToken cancellation) =>
        requests.GetAsync(table.Name, [.. Enumerable.Range(0, Count).Select(counter => Key(tenant, counter))], cancellation);

    private static int Part(int counter, int max) => max / Count + (counter < max % Count ? 1 : 0);

    private static int IsOpen(RunRow row) => row.State == OpenState.Closed ? 0 : 1;

    private static string Name(RunStatus status) => string.Create(CultureInfo.InvariantCulture, $"{StatusPrefix}{(int)status}");

    private static Dictionary<string, AttributeValue> Key(TenantId tenant, int counter) => new()
    {
        [DynamoDbTable.PartitionKey] = Item.Text(JournalKeys.Counter(tenant, counter)),
        [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Single),
    };
}
