namespace AgentRuntime.Aws.DynamoDb.Tables;

/// <summary>
/// A table as this library wants it: two string keys named <see cref="PartitionKey"/> and <see cref="SortKey"/>, paid for by request.
/// </summary>
/// <param name="Name">Its name in the account and region.</param>
public sealed record DynamoDbTable(string Name)
{
    /// <summary>The attribute that partitions every table.</summary>
    public const string PartitionKey = "pk";

    /// <summary>The attribute that sorts every table.</summary>
    public const string SortKey = "sk";

    /// <summary>The attribute, a number of seconds since 1970, after which DynamoDB may delete an item.</summary>
    public const string TimeToLive = "ttl";

    /// <summary>Whether items may have a <see cref="TimeToLive"/>.</summary>
    public bool HasTimeToLive { get; init; }

    /// <summary>Its global secondary indexes.</summary>
    public IReadOnlyList<DynamoDbIndex> Indexes { get; init; } = [];

    /// <summary>The table of a store of grain state.</summary>
    public static DynamoDbTable GrainState(string name = DynamoDBStorageOptions.DefaultTableName) => new(name) { HasTimeToLive = true };

    /// <summary>The table with the members of clusters.</summary>
    public static DynamoDbTable Membership(string name = DynamoDBClusteringOptions.DefaultTableName) => new(name);

    /// <summary>The table with the reminders of services.</summary>
    public static DynamoDbTable Reminders(string name = DynamoDBReminderStorageOptions.DefaultTableName) => new(name) { HasTimeToLive = true };
}
