using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Aws.DynamoDb.Reminders;

/// <summary>
/// Reminders of grains in a DynamoDB table, each with a random etag that changes with every write. A reminder that was written is in every range read
/// afterwards. Reminders belong to the service, not to the cluster: they outlive it.
/// </summary>
internal sealed class DynamoDBReminderTable : IReminderTable
{
    private const string Etag = "e";
    private const string Tombstone = "tomb";
    private const string RemovedBy = "w";

    // Of a range that touches many partitions.
    private const int MaxQueriesAtOnce = 16;

    private static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(1);

    private readonly ReminderKeys _keys;
    private readonly IAmazonDynamoDB _client;
    private readonly TimeProvider _time;

    public DynamoDBReminderTable(
        IOptions<DynamoDBReminderStorageOptions> options, IOptions<ClusterOptions> cluster, IAmazonDynamoDB client, TimeProvider time)
    {
        _keys = new ReminderKeys(options.Value.TableName, cluster.Value.ServiceId);
        (_client, _time) = (client, time);
    }

    public Task StartAsync(CancellationToken cancellationToken) =>
        DynamoDbTables.CheckAsync(_client, [DynamoDbTable.Reminders(_keys.Table)], cancellationToken);

    public Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken) => ReadAsync([_keys.OfGrain(grainId)], cancellationToken);

    public Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken) => ReadAsync(_keys.OfRange(begin, end), cancellationToken);

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken)
    {
        var response = await _client.GetItemAsync(
            new GetItemRequest { TableName = _keys.Table, Key = _keys.Of(grainId, reminderName), ConsistentRead = true }, cancellationToken);
        return response.IsItemSet ? Read(response.Item) : null;
    }

    public async Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        var etag = Guid.NewGuid().ToString("N");
        var item = _keys.Of(entry.GrainId, entry.ReminderName);
        item["grain"] = ItemText.Of(entry.GrainId.ToString());
        item["name"] = ItemText.Of(entry.ReminderName);
        item["start"] = ItemText.Of(entry.StartAt);
        item["period"] = ItemText.Of(entry.Period.Ticks);
        item[Etag] = ItemText.Of(etag);
        await _client.PutItemAsync(new PutItemRequest { TableName = _keys.Table, Item = item }, cancellationToken);
        return etag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken)
    {
        // A delete whose answer was lost cannot be told from one of a reminder that was not there. So it is marked as removed by us first.
        var (id, item) = (ItemText.Of(Guid.NewGuid().ToString("N")), _keys.Of(grainId, reminderName));
        item[Tombstone] = new AttributeValue { BOOL = true };
        item[RemovedBy] = id;
        item[DynamoDbTable.TimeToLive] = ItemText.Of((_time.GetUtcNow() + TombstoneLife).ToUnixTimeSeconds());
        try
        {
            await _client.PutItemAsync(
                new PutItemRequest
                {
                    TableName = _keys.Table,
                    Item = item,
                    ConditionExpression = $"{Etag} = :etag OR {RemovedBy} = :id",
                    ExpressionAttributeValues = new() { [":etag"] = ItemText.Of(eTag), [":id"] = id },
                },
                cancellationToken);
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }

        await TryDeleteAsync(_keys.Of(grainId, reminderName), id, cancellationToken);
        return true;
    }

    public async Task TestOnlyClearTable(CancellationToken cancellationToken)
    {
        foreach (var query in _keys.All())
        {
            await _client.DeleteAsync(_keys.Table, await _client.AllAsync(query, cancellationToken), _time, cancellationToken);
        }
    }

    // Orleans still asks for these forms.
    Task<ReminderTableData> IReminderTable.ReadRows(GrainId grainId) => ReadRows(grainId, default);

    Task<ReminderTableData> IReminderTable.ReadRows(uint begin, uint end) => ReadRows(begin, end, default);

    Task<ReminderEntry?> IReminderTable.ReadRow(GrainId grainId, string reminderName) => ReadRow(grainId, reminderName, default);

    Task<string?> IReminderTable.UpsertRow(ReminderEntry entry) => UpsertRow(entry, default);

    Task<bool> IReminderTable.RemoveRow(GrainId grainId, string reminderName, string eTag) => RemoveRow(grainId, reminderName, eTag, default);

    Task IReminderTable.TestOnlyClearTable() => TestOnlyClearTable(default);

    private static ReminderEntry? Read(Dictionary<string, AttributeValue> item) => item.ContainsKey(Tombstone) ? null : new ReminderEntry
    {
        GrainId = GrainId.Parse(item.Text("grain")!, null),
        ReminderName = item.Text("name")!,
        StartAt = item.Time("start")!.Value,
        Period = TimeSpan.FromTicks(item.Number("period")),
        ETag = item.Text(Etag)!,
    };

    private async Task<ReminderTableData> ReadAsync(IEnumerable<QueryRequest> queries, CancellationToken cancellation)
    {
        List<ReminderEntry> entries = [];
        foreach (var some in queries.Chunk(MaxQueriesAtOnce))
        {
            var pages = await Task.WhenAll(some.Select(query => _client.AllAsync(query, cancellation)));
            entries.AddRange(pages.SelectMany(static items => items).Select(Read).OfType<ReminderEntry>());
        }

        return new ReminderTableData(entries);
    }

    // What stays is filtered on read, and DynamoDB deletes it by its time to live.
    private async Task TryDeleteAsync(Dictionary<string, AttributeValue> key, AttributeValue id, CancellationToken cancellation)
    {
        try
        {
            await _client.DeleteItemAsync(
                new DeleteItemRequest
                {
                    TableName = _keys.Table,
                    Key = key,
                    ConditionExpression = $"{RemovedBy} = :id",
                    ExpressionAttributeValues = new() { [":id"] = id },
                },
                cancellation);
        }
        catch (Exception failure) when (AwsFailures.IsOne(failure))
        {
        }
    }
}
