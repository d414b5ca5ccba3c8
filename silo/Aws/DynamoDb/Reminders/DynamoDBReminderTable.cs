using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Aws.DynamoDb.Reminders;

/// <summary>
/// Reminders of grains in a DynamoDB table, each with a random etag that changes with every write. A reminder that was written is in every range read
/// afterwards. Each write has a greater version than those before it, so that one which arrives late, its sender having sent it again, changes nothing; nor
/// does it bring back what was removed meanwhile. Reminders belong to the service, not to the cluster: they outlive it.
/// </summary>
internal sealed class DynamoDBReminderTable : IReminderTable
{
    private const string Etag = "e";
    private const string Tombstone = "tomb";
    private const string RemovedBy = "w";

    // Silos of earlier releases write none.
    private const string Version = "v";

    // Versions begin at the clock. Where that is behind, or others write at the same time, the next follows the one that is there.
    private const int MaxTries = 30;

    // Of a range that touches many partitions.
    private const int MaxQueriesAtOnce = 16;

    // Far longer than any request is under way. DynamoDB deletes it then, within days.
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromHours(1);

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
        var isLatest = $"attribute_not_exists({Version}) OR {Version} < :v OR ({Etag} = :etag AND {Version} = :v)";
        await TryPutAsync(item, isLatest, new() { [":etag"] = ItemText.Of(etag) }, static _ => true, cancellationToken);
        return etag;
    }

    /// <inheritdoc/>
    /// <remarks>What is removed is marked so, by us: of a delete whose answer was lost nobody could tell whether it was ours. The mark is gone in time.</remarks>
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken)
    {
        var (id, item) = (ItemText.Of(Guid.NewGuid().ToString("N")), _keys.Of(grainId, reminderName));
        item[Tombstone] = new AttributeValue { BOOL = true };
        item[RemovedBy] = id;
        item[DynamoDbTable.TimeToLive] = ItemText.Of((_time.GetUtcNow() + TombstoneLife).ToUnixTimeSeconds());
        var isWanted = $"({Etag} = :etag AND (attribute_not_exists({Version}) OR {Version} < :v)) OR ({RemovedBy} = :id AND {Version} = :v)";
        return TryPutAsync(item, isWanted, new() { [":etag"] = ItemText.Of(eTag), [":id"] = id }, stored => stored.Text(Etag) == eTag, cancellationToken);
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

    /// <summary>Puts an item with a greater version than what is stored. False when that is not what it may follow.</summary>
    private async Task<bool> TryPutAsync(
        Dictionary<string, AttributeValue> item, string condition, Dictionary<string, AttributeValue> values, Func<Dictionary<string, AttributeValue>, bool> mayFollow, CancellationToken cancellation)
    {
        var version = _time.GetUtcNow().UtcTicks;
        var key = new Dictionary<string, AttributeValue> { [DynamoDbTable.PartitionKey] = item[DynamoDbTable.PartitionKey], [DynamoDbTable.SortKey] = item[DynamoDbTable.SortKey] };
        for (var tries = 1; ; tries++)
        {
            item[Version] = values[":v"] = ItemText.Of(version);
            var put = new PutItemRequest
            {
                TableName = _keys.Table,
                Item = item,
                ConditionExpression = condition,
                ExpressionAttributeValues = values,
            };
            try
            {
                await _client.PutItemAsync(put, cancellation);
                return true;
            }
            catch (ConditionalCheckFailedException) when (tries < MaxTries)
            {
                var response = await _client.GetItemAsync(new GetItemRequest { TableName = _keys.Table, Key = key, ConsistentRead = true }, cancellation);
                if (!mayFollow(response.Item ?? [])) return false;
                version = Math.Max(version, response.Item?.Number(Version) ?? 0) + 1;
            }
        }
    }
}
