namespace AgentRuntime.Aws.DynamoDb.Tables;

/// <summary>A global secondary index. It answers a little later than the table, never strongly consistently.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PartitionKey">The attribute, a string, that partitions it. Items without it are not in the index and cost nothing there.</param>
/// <param name="SortKey">The attribute, a string, that sorts it.</param>
public sealed record DynamoDbIndex(string Name, string PartitionKey, string SortKey)
{
    /// <summary>Attributes that are copied into the index besides all keys. Each costs its size again with every write.</summary>
    public IReadOnlyList<string> Projected { get; init; } = [];
}
