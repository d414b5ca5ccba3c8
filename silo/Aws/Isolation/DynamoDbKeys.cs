using System.Text.RegularExpressions;
using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace AgentRuntime.Aws.Isolation;

/// <summary>
/// The tenant in the partition keys of requests: <c>T#{tenant}#...</c>. Keys that begin otherwise are nobody's: members, reminders, indexes of what is open. Requests of
/// another kind than the providers make are refused, for where their keys are nobody has thought about.
/// </summary>
internal static partial class DynamoDbKeys
{
    private const string TenantMark = "T#";

    public static void Read(AmazonWebServiceRequest request, NamedTenant owner)
    {
        switch (request)
        {
            case GetItemRequest get:
                Read(get.Key, owner);
                break;
            case PutItemRequest put:
                Read(put.Item, owner);
                break;
            case UpdateItemRequest update:
                Read(update.Key, owner);
                break;
            case DeleteItemRequest delete:
                Read(delete.Key, owner);
                break;
            case QueryRequest query:
                Read(query, owner);
                break;
            case BatchGetItemRequest batch:
                foreach (var key in batch.RequestItems.Values.SelectMany(static table => table.Keys)) Read(key, owner);
                break;
            case BatchWriteItemRequest batch:
                foreach (var write in batch.RequestItems.Values.SelectMany(static table => table)) Read(write.PutRequest?.Item ?? write.DeleteRequest?.Key, owner);
                break;
            case TransactWriteItemsRequest transaction:
                foreach (var write in transaction.TransactItems) Read(write, owner);
                break;
            case TransactGetItemsRequest transaction:
                foreach (var read in transaction.TransactItems) Read(read.Get?.Key, owner);
                break;
            case DescribeTableRequest or DescribeTimeToLiveRequest or CreateTableRequest or UpdateTimeToLiveRequest:
                owner.AddNobodys();
                break;
            default:
                owner.Refuse("where its keys are is not known");
                break;
        }
    }

    // One of them may be set, and each that is counts.
    private static void Read(TransactWriteItem write, NamedTenant owner)
    {
        Dictionary<string, AttributeValue>?[] keys = [write.Put?.Item, write.Update?.Key, write.Delete?.Key, write.ConditionCheck?.Key];
        var named = Array.FindAll(keys, static key => key is not null);
        if (named.Length == 0) owner.Refuse("it has a write without a key");
        foreach (var key in named) Read(key, owner);
    }

    /// <summary>The partition is what something is equal to; another comparison may be with what a caller wrote.</summary>
    private static void Read(QueryRequest query, NamedTenant owner)
    {
        var equals = Equal().Matches(query.KeyConditionExpression ?? "");
        if (equals.Count == 0 || query.KeyConditions is { Count: > 0 }) owner.Refuse("its partition cannot be told");
        foreach (Match equal in equals)
            ReadPartition(query.ExpressionAttributeValues?.GetValueOrDefault(equal.Groups["value"].Value)?.S, owner, isPartition: equals.Count == 1);

        // To go on in an index of nobody's after somebody's item touches none of theirs.
        if (query.ExclusiveStartKey is not { Count: > 0 } start || (owner.Name is null && query.IndexName is not null)) return;
        Read(start, owner);
    }

    private static void Read(Dictionary<string, AttributeValue>? item, NamedTenant owner) => ReadPartition(item?.GetValueOrDefault(DynamoDbTable.PartitionKey)?.S, owner, isPartition: true);

    private static void ReadPartition(string? key, NamedTenant owner, bool isPartition)
    {
        if (string.IsNullOrEmpty(key))
        {
            if (isPartition) owner.Refuse("it has no partition key");
            return;
        }

        if (!key.StartsWith(TenantMark, StringComparison.Ordinal))
        {
            if (isPartition) owner.AddNobodys();
            return;
        }

        var end = key.IndexOf('#', TenantMark.Length);
        if (end > TenantMark.Length && KeyText.TryUnescape(key[TenantMark.Length..end], out var tenant)) owner.Add(tenant);
        else owner.Refuse($"the key {key} names no tenant");
    }

    [GeneratedRegex(@"(?<![<>])=\s*(?<value>:\w+)|(?<value>:\w+)\s*=")]
    private static partial Regex Equal();
}
