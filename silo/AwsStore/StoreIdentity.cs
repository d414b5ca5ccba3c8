using System.Security.Cryptography;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore;

/// <summary>
/// What the tables are, in an item of the journal's that is made with them and never changes: one cluster lives in them, whatever a silo is told.
/// </summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="ServiceId">The service id that its silos use.</param>
/// <param name="OpenShards">Parts of the index of open runs.</param>
/// <param name="ArtifactKey">The root of the keys by which artifacts are named.</param>
internal sealed record StoreIdentity(string ClusterId, string ServiceId, int OpenShards, byte[] ArtifactKey)
{
    private const int Format = 1;
    private const string Partition = "STORE";
    private const string FormatName = "f";
    private const string Cluster = "cl";
    private const string Service = "sv";
    private const string Shards = "sh";
    private const string Key = "k";

    /// <summary>A new one.</summary>
    public static StoreIdentity New(string? clusterId, string? serviceId, int openShards) => new(
        clusterId ?? Guid.NewGuid().ToString("N"), serviceId ?? "agentruntime", openShards, RandomNumberGenerator.GetBytes(ArtifactNames.KeyBytes));

    /// <summary>Reads it; null when the tables have none.</summary>
    /// <exception cref="AgentRuntimeException">StorageCorrupted: a newer version made the tables.</exception>
    public static async Task<StoreIdentity?> FindAsync(IAmazonDynamoDB client, string table, CancellationToken cancellation)
    {
        var response = await client.GetItemAsync(new GetItemRequest { TableName = table, Key = ItemKey(), ConsistentRead = true }, cancellation);
        if (!response.IsItemSet) return null;
        var item = response.Item;
        if (item.NumberOf(FormatName) != Format)
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"The DynamoDB table {table} has format {item.NumberOf(FormatName)}; this version reads {Format}. Start the version that made it or a newer one.");
        return new StoreIdentity(item.TextOf(Cluster), item.TextOf(Service), (int)item.NumberOf(Shards), item.BlobOf(Key));
    }

    /// <summary>Writes it down unless there is one. False when there is.</summary>
    public async Task<bool> TryCreateAsync(IAmazonDynamoDB client, string table, CancellationToken cancellation)
    {
        var item = ItemKey();
        item[FormatName] = Item.Number(Format);
        item[Cluster] = Item.Text(ClusterId);
        item[Service] = Item.Text(ServiceId);
        item[Shards] = Item.Number(OpenShards);
        item[Key] = Item.Blob(ArtifactKey);
        try
        {
            await client.PutItemAsync(new PutItemRequest { TableName = table, Item = item, ConditionExpression = "attribute_not_exists(pk)" }, cancellation);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private static Dictionary<string, AttributeValue> ItemKey() =>
        new() { [DynamoDbTable.PartitionKey] = Item.Text(Partition), [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Single) };
}
