using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore;

/// <summary>
/// What the tables are, in an item of the journal's that is made with them and changes only when they are restored: one cluster lives in them, whatever
/// a silo is told.
/// </summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="ServiceId">The service id that its silos use.</param>
/// <param name="OpenShards">Parts of the index of open runs.</param>
/// <param name="ArtifactKey">The root of the keys by which artifacts are named.</param>
/// <param name="TableId">The table that the item was written for; in a restored table it stands as it stood in the other.</param>
internal sealed record StoreIdentity(string ClusterId, string ServiceId, int OpenShards, byte[] ArtifactKey, string TableId)
{
    /// <summary>How tenants are kept apart where nothing else is written down.</summary>
    public const string Shared = "shared";

    private const int Format = 1;
    private const string Partition = "STORE";
    private const string FormatName = "f";
    private const string Cluster = "cl";
    private const string Service = "sv";
    private const string Shards = "sh";
    private const string Key = "k";
    private const string Table = "t";
    private const string TenancyName = "tn";

    /// <summary>How its silos keep tenants apart, all of them alike.</summary>
    public string Tenancy { get; init; } = Shared;

    /// <summary>A key for something else than artifacts: HKDF-SHA256 (RFC 5869) with the cluster id as salt.</summary>
    public byte[] DeriveKey(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, ArtifactKey, ArtifactNames.KeyBytes, Encoding.UTF8.GetBytes(ClusterId), Encoding.UTF8.GetBytes($"agentruntime/{purpose}"));

    /// <summary>A new one.</summary>
    public static StoreIdentity New(string? clusterId, string? serviceId, int openShards, TableOrigin table) => new(
        clusterId ?? NewCluster(), serviceId ?? "agentruntime", openShards, RandomNumberGenerator.GetBytes(ArtifactNames.KeyBytes), table.Id);

    /// <summary>Reads it; null when the tables have none.</summary>
    /// <exception cref="AgentRuntimeException">StorageCorrupted: a newer version made the tables.</exception>
    public static async Task<StoreIdentity?> FindAsync(IAmazonDynamoDB client, string table, CancellationToken cancellation)
    {
        var response = await client.GetItemAsync(new GetItemRequest { TableName = table, Key = ItemKey(), ConsistentRead = true }, cancellation);
        if (!response.IsItemSet) return null;
        var item = response.Item;
        if (item.NumberOf(FormatName) != Format)
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"The DynamoDB table {table} has format {item.NumberOf(FormatName)}; this version reads {Format}. Start the version that made it or a newer one.");
        return new StoreIdentity(item.TextOf(Cluster), item.TextOf(Service), (int)item.NumberOf(Shards), item.BlobOf(Key), item.TextOrNull(Table) ?? "") { Tenancy = item.TextOrNull(TenancyName) ?? Shared };
    }

    /// <summary>Writes it down unless there is one. False when there is.</summary>
    public async Task<bool> TryCreateAsync(IAmazonDynamoDB client, string table, CancellationToken cancellation)
    {
        var request = new PutItemRequest { TableName = table, Item = Encode(), ConditionExpression = "attribute_not_exists(pk)" };
        return await TryPutAsync(client, request, cancellation);
    }

    /// <summary>This identity in a table that was restored: the table is its own, and so is the cluster, where no other is named.</summary>
    public StoreIdentity TakenOver(string? clusterId, TableOrigin table) => this with { ClusterId = clusterId ?? NewCluster(), TableId = table.Id };

    /// <summary>Writes it down in place of <paramref name="before"/>.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: somebody else has done so.</exception>
    public async Task ReplaceAsync(IAmazonDynamoDB client, string table, StoreIdentity before, CancellationToken cancellation)
    {
        var request = new PutItemRequest
        {
            TableName = table,
            Item = Encode(),
            ConditionExpression = "#c = :c AND (attribute_not_exists(#t) OR #t = :t)",
            ExpressionAttributeNames = new() { ["#c"] = Cluster, ["#t"] = Table },
            ExpressionAttributeValues = new() { [":c"] = Item.Text(before.ClusterId), [":t"] = Item.Text(before.TableId) },
        };
        if (await TryPutAsync(client, request, cancellation)) return;

        // A repetition of the SDK's, whose first attempt was not answered, meets what that has written.
        if (await FindAsync(client, table, cancellation) is { } now && now.ClusterId == ClusterId && now.TableId == TableId && now.Tenancy == Tenancy) return;
        throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"The DynamoDB table '{table}' was restored or changed by somebody else at the same time. Look at what they did before you go on.");
    }

    /// <summary>Writes down how tenants are kept apart, if it is another way than before.</summary>
    public async Task<StoreIdentity> ChangeTenancyAsync(IAmazonDynamoDB client, string table, string tenancy, CancellationToken cancellation)
    {
        if (tenancy == Tenancy) return this;
        var changed = this with { Tenancy = tenancy };
        await changed.ReplaceAsync(client, table, this, cancellation);
        return changed;
    }

    private static async Task<bool> TryPutAsync(IAmazonDynamoDB client, PutItemRequest request, CancellationToken cancellation)
    {
        try
        {
            await client.PutItemAsync(request, cancellation);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private Dictionary<string, AttributeValue> Encode()
    {
        var item = ItemKey();
        item[FormatName] = Item.Number(Format);
        item[Cluster] = Item.Text(ClusterId);
        item[Service] = Item.Text(ServiceId);
        item[Shards] = Item.Number(OpenShards);
        item[Key] = Item.Blob(ArtifactKey);
        item[Table] = Item.Text(TableId);
        if (Tenancy != Shared) item[TenancyName] = Item.Text(Tenancy);
        return item;
    }

    private static string NewCluster() => Guid.NewGuid().ToString("N");

    private static Dictionary<string, AttributeValue> ItemKey() =>
        new() { [DynamoDbTable.PartitionKey] = Item.Text(Partition), [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Single) };
}
