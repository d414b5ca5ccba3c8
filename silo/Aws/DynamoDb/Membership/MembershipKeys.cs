using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.Membership;

/// <summary>A cluster is one partition: its version, and an item for each silo.</summary>
internal sealed class MembershipKeys(string table, string cluster)
{
    /// <summary>
    /// The version sorts before the silos. Whoever queries reads it first: a snapshot may hold silos that are newer than its version, never older.
    /// </summary>
    public const string Version = "A";

    private const string Silos = "S#";

    private readonly string _partition = $"C#{KeyText.Escape(cluster)}";

    public string Table => table;

    public QueryRequest Query() => new()
    {
        TableName = table,
        KeyConditionExpression = "pk = :pk",
        ExpressionAttributeValues = new() { [":pk"] = ItemText.Of(_partition) },
        ConsistentRead = true,
    };

    public Dictionary<string, AttributeValue> OfVersion() => Key(Version);

    public Dictionary<string, AttributeValue> Of(SiloAddress silo) => Key($"{Silos}{KeyText.Escape(silo.ToParsableString())}");

    public static bool IsVersion(Dictionary<string, AttributeValue> item) => item[DynamoDbTable.SortKey].S == Version;

    public static SiloAddress Silo(Dictionary<string, AttributeValue> item) =>
        SiloAddress.FromParsableString(KeyText.Unescape(item[DynamoDbTable.SortKey].S[Silos.Length..]));

    private Dictionary<string, AttributeValue> Key(string sort) => new()
    {
        [DynamoDbTable.PartitionKey] = ItemText.Of(_partition),
        [DynamoDbTable.SortKey] = ItemText.Of(sort),
    };
}
