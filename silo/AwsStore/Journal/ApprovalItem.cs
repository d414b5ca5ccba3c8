using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentRuntime.Approvals;
using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>An approval in the inbox: listed by tenant and state in the order in which it was asked for, and while it is pending also by when it expires.</summary>
internal static class ApprovalItem
{
    /// <summary>In how many parts those that are pending lie: they are counted as a whole.</summary>
    private const int PendingShards = 8;

    /// <summary>In how many items the version of a tenant's inbox lies, and is summed of: transactions that meet in one cancel each other.</summary>
    private const int VersionShards = 8;

    private const int MaxViewBytes = 16 << 20;
    private const string View = "d";
    private const string Version = "v";

    /// <summary>The writes that put an approval into the inbox. Its number is that of the first time.</summary>
    public static TransactWriteItem Put(string table, TenantId tenant, ApprovalView approval, long number)
    {
        var packed = Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(approval, ApprovalJson.Default.ApprovalView), others: 0);
        if (packed.Length > EntryPieces.MaxBytes)
            throw new AgentRuntimeException(ErrorCode.LimitExceeded, $"approval {approval.Approval}: the arguments of the call are too large for the inbox ({packed.Length} bytes, {EntryPieces.MaxBytes} allowed).");
        var update = new Update
        {
            TableName = table,
            Key = Key(tenant, approval.Approval),
            UpdateExpression = "SET #d = :d, #lp = :lp, #ls = if_not_exists(#ls, :ls)",
            ExpressionAttributeNames = new()
            {
                ["#d"] = View, ["#lp"] = JournalTable.ListedPartition, ["#ls"] = JournalTable.ListedSort, ["#op"] = JournalTable.OpenPartition, ["#os"] = JournalTable.OpenSort,
            },
            ExpressionAttributeValues = new() { [":d"] = Item.Blob(packed), [":lp"] = Item.Text(ListOf(tenant, approval.State)), [":ls"] = Item.Text(RunList.SortOf(number)) },
        };
        if (approval.State == ApprovalState.Pending)
        {
            update.UpdateExpression += ", #op = :op, #os = :os";
            update.ExpressionAttributeValues[":op"] = Item.Text(PendingPart(PartOf(approval.Approval)));
            update.ExpressionAttributeValues[":os"] = Item.Text(approval.ExpiresAt.UtcTicks.ToString("D19", CultureInfo.InvariantCulture));
        }
        else
        {
            update.UpdateExpression += " REMOVE #op, #os";
        }

        return new TransactWriteItem { Update = update };
    }

    /// <summary>The write that lets the inbox's version grow.</summary>
    public static TransactWriteItem Grow(string table, TenantId tenant, int changes) => new()
    {
        Update = new Update
        {
            TableName = table,
            Key = VersionKey(tenant, Random.Shared.Next(VersionShards)),
            UpdateExpression = "ADD #v :n",
            ExpressionAttributeNames = new() { ["#v"] = Version },
            ExpressionAttributeValues = new() { [":n"] = Item.Number(changes) },
        },
    };

    public static ApprovalView Decode(IReadOnlyDictionary<string, AttributeValue> item) =>
        JsonSerializer.Deserialize(Packed.Unpack(item.BlobOf(View), MaxViewBytes), ApprovalJson.Default.ApprovalView)!;

    public static long VersionIn(IReadOnlyDictionary<string, AttributeValue> item) => item.NumberOf(Version);

    /// <summary>The partition of the index that lists those of a tenant in a state.</summary>
    public static string ListOf(TenantId tenant, ApprovalState state) => string.Create(CultureInfo.InvariantCulture, $"{KeyText.Tenant(tenant.Value)}A#{(int)state}");

    /// <summary>The parts of the index of what is open that hold pending ones.</summary>
    public static IEnumerable<string> PendingParts => Enumerable.Range(0, PendingShards).Select(PendingPart);

    public static Dictionary<string, AttributeValue> Key(TenantId tenant, ApprovalId approval) => Single(JournalKeys.Approval(tenant, approval));

    /// <summary>All items of the version of a tenant's inbox, as they are now.</summary>
    public static QueryRequest OfVersion(string table, TenantId tenant) => new()
    {
        TableName = table,
        ConsistentRead = true,
        KeyConditionExpression = "pk = :p",
        ExpressionAttributeValues = new() { [":p"] = Item.Text(JournalKeys.Inbox(tenant)) },
    };

    // The first is the only one that earlier releases know.
    private static Dictionary<string, AttributeValue> VersionKey(TenantId tenant, int shard) => new()
    {
        [DynamoDbTable.PartitionKey] = Item.Text(JournalKeys.Inbox(tenant)),
        [DynamoDbTable.SortKey] = Item.Text(shard == 0 ? JournalKeys.Single : shard.ToString(CultureInfo.InvariantCulture)),
    };

    // By its id, not its number, whose low bits are the same for all of a process.
    private static int PartOf(ApprovalId approval)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(approval.Value), hash);
        return hash[0] % PendingShards;
    }

    private static string PendingPart(int part) => string.Create(CultureInfo.InvariantCulture, $"A#{part:D3}");

    private static Dictionary<string, AttributeValue> Single(string partition) =>
        new() { [DynamoDbTable.PartitionKey] = Item.Text(partition), [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Single) };
}
