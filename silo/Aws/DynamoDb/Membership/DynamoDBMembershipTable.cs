using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Aws.DynamoDb.Membership;

/// <summary>
/// The members of one cluster in a DynamoDB table, one partition for each cluster. A silo and the version of the cluster change together by
/// compare-and-swap; a heartbeat touches neither etag and costs one write unit. Reads are strongly consistent.
/// </summary>
internal sealed class DynamoDBMembershipTable : IMembershipTable
{
    // A transaction that touches the same item at the same moment gets in a heartbeat's way.
    private const int MaxHeartbeats = 4;

    private readonly MembershipKeys _keys;
    private readonly MembershipWriter _writer;
    private readonly IAmazonDynamoDB _client;
    private readonly TimeProvider _time;

    public DynamoDBMembershipTable(IOptions<DynamoDBClusteringOptions> options, IOptions<ClusterOptions> cluster, IAmazonDynamoDB client, TimeProvider time)
    {
        _keys = new MembershipKeys(options.Value.TableName, cluster.Value.ClusterId);
        _writer = new MembershipWriter(_keys, client, time);
        (_client, _time) = (client, time);
    }

    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        await DynamoDbTables.CheckAsync(_client, [DynamoDbTable.Membership(_keys.Table)], cancellationToken);
        if (!tryInitTableVersion) return;
        var item = _keys.OfVersion();
        item["v"] = ItemText.Of(0);
        try
        {
            await _client.PutItemAsync(
                new PutItemRequest { TableName = _keys.Table, Item = item, ConditionExpression = "attribute_not_exists(pk)" }, cancellationToken);
        }
        catch (ConditionalCheckFailedException)
        {
            // The cluster has a version.
        }
    }

    public async Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken)
    {
        var items = await _client.AllAsync(new MembershipKeys(_keys.Table, clusterId).Query(), cancellationToken);
        await _client.DeleteAsync(_keys.Table, items, _time, cancellationToken);
    }

    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken)
    {
        var items = await _client.AllAsync(_keys.Query(), cancellationToken);
        var defunct = items.Where(item => !MembershipKeys.IsVersion(item)
            && MembershipItem.Read(item) is { Entry.Status: SiloStatus.Dead } silo && silo.LastHeardOf < beforeDate.UtcDateTime);
        await _client.DeleteAsync(_keys.Table, defunct, _time, cancellationToken);
    }

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        // The version first, for the reason that it sorts first.
        var version = await FindAsync(_keys.OfVersion(), cancellationToken);
        var silo = await FindAsync(_keys.Of(key), cancellationToken);
        return Snapshot(new[] { version, silo }.OfType<Dictionary<string, AttributeValue>>());
    }

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => Snapshot(await _client.AllAsync(_keys.Query(), cancellationToken));

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        var item = new MembershipItem(entry, 1).Attributes();
        foreach (var (name, value) in _keys.Of(entry.SiloAddress)) item[name] = value;
        return _writer.TryWriteAsync(
            tableVersion,
            new TransactWriteItem { Put = new Put { TableName = _keys.Table, Item = item, ConditionExpression = "attribute_not_exists(pk)" } },
            cancellationToken);
    }

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        var values = new MembershipItem(entry, ItemText.Etag(etag) + 1).Attributes();
        var update = new Update
        {
            TableName = _keys.Table,
            Key = _keys.Of(entry.SiloAddress),
            UpdateExpression = $"SET {string.Join(", ", values.Keys.Select(static name => $"#{name} = :{name}"))}",
            ConditionExpression = $"{MembershipItem.EtagName} = :expected",
            ExpressionAttributeNames = values.Keys.ToDictionary(static name => $"#{name}", static name => name),
            ExpressionAttributeValues = values.ToDictionary(static each => $":{each.Key}", static each => each.Value),
        };
        update.ExpressionAttributeValues[":expected"] = MembershipWriter.Number(etag);
        return _writer.TryWriteAsync(tableVersion, new TransactWriteItem { Update = update }, cancellationToken);
    }

    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        var beat = new UpdateItemRequest
        {
            TableName = _keys.Table,
            Key = _keys.Of(entry.SiloAddress),
            UpdateExpression = $"SET {MembershipItem.Heartbeat} = :now",
            // One that was removed is not to come back.
            ConditionExpression = "attribute_exists(pk)",
            ExpressionAttributeValues = new() { [":now"] = ItemText.Of(entry.IAmAliveTime) },
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _client.UpdateItemAsync(beat, cancellationToken);
                return;
            }
            catch (TransactionConflictException) when (attempt < MaxHeartbeats)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), _time, cancellationToken);
            }
            catch (ConditionalCheckFailedException)
            {
                return;
            }
        }
    }

    // Orleans still asks for these forms, and calls the ones above.
    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, default);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, default);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, default);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, default);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(default);

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, default);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, default);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, default);

    private static MembershipTableData Snapshot(IEnumerable<Dictionary<string, AttributeValue>> items)
    {
        var kinds = items.ToLookup(MembershipKeys.IsVersion);
        var version = kinds[true].SingleOrDefault()?.Number("v") ?? 0;
        return new MembershipTableData(
            [.. kinds[false].Select(MembershipItem.Read).Select(static silo => Tuple.Create(silo.Entry, ItemText.Of(silo.Etag).N))],
            new TableVersion((int)version, ItemText.Of(version).N));
    }

    private async Task<Dictionary<string, AttributeValue>?> FindAsync(Dictionary<string, AttributeValue> key, CancellationToken cancellation)
    {
        var response = await _client.GetItemAsync(new GetItemRequest { TableName = _keys.Table, Key = key, ConsistentRead = true }, cancellation);
        return response.IsItemSet ? response.Item : null;
    }
}
