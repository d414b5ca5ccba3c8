using System.Globalization;
using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.Reminders;

/// <summary>
/// The ring of a service in 256 partitions by the first byte of a grain's hash; within each, reminders are sorted by hash, so that a range is one span of
/// each partition that it touches.
/// </summary>
internal sealed class ReminderKeys(string table, string service)
{
    private const int PartitionBits = 24;

    // The character that follows the separator: below it lies everything of a hash.
    private const char AfterSeparator = '$';

    private readonly string _prefix = $"R#{KeyText.Escape(service)}#";

    public string Table => table;

    public Dictionary<string, AttributeValue> Of(GrainId grain, string name)
    {
        var (partition, sort) = KeyText.Checked(Partition(grain.GetUniformHashCode() >> PartitionBits), $"{Begin(grain)}{KeyText.Escape(name)}");
        return new() { [DynamoDbTable.PartitionKey] = ItemText.Of(partition), [DynamoDbTable.SortKey] = ItemText.Of(sort) };
    }

    public QueryRequest OfGrain(GrainId grain) => Query(
        "pk = :pk AND begins_with(sk, :begin)",
        (":pk", Partition(grain.GetUniformHashCode() >> PartitionBits)),
        (":begin", Begin(grain)));

    /// <summary>The queries for hashes in (<paramref name="begin"/>, <paramref name="end"/>] on the ring; for the whole ring when both are equal.</summary>
    public IEnumerable<QueryRequest> OfRange(uint begin, uint end)
    {
        if (begin < end) return OfSpan(begin + 1, end);
        var upper = begin == uint.MaxValue ? [] : OfSpan(begin + 1, uint.MaxValue);
        return upper.Concat(OfSpan(0, end));
    }

    public IEnumerable<QueryRequest> All() => OfSpan(0, uint.MaxValue);

    private IEnumerable<QueryRequest> OfSpan(uint first, uint last)
    {
        for (var partition = first >> PartitionBits; partition <= last >> PartitionBits; partition++)
        {
            yield return Query(
                "pk = :pk AND sk BETWEEN :first AND :last", (":pk", Partition(partition)), (":first", Text(first)), (":last", $"{Text(last)}{AfterSeparator}"));
        }
    }

    private QueryRequest Query(string condition, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var query = new QueryRequest { TableName = table, KeyConditionExpression = condition, ConsistentRead = true, ExpressionAttributeValues = [] };
        foreach (var (name, value) in values) query.ExpressionAttributeValues[name] = ItemText.Of(value);
        return query;
    }

    private string Partition(uint prefix) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{prefix}");

    private static string Begin(GrainId grain) => $"{Text(grain.GetUniformHashCode())}#{KeyText.Escape(grain.ToString())}#";

    private static string Text(uint hash) => hash.ToString("X8", CultureInfo.InvariantCulture);
}
