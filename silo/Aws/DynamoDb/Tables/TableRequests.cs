using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.Tables;

internal static class TableRequests
{
    public static CreateTableRequest Create(DynamoDbTable table) => new()
    {
        TableName = table.Name,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        KeySchema = Keys(DynamoDbTable.PartitionKey, DynamoDbTable.SortKey),
        AttributeDefinitions = [.. table.Indexes
            .SelectMany(static index => new[] { index.PartitionKey, index.SortKey })
            .Prepend(DynamoDbTable.SortKey)
            .Prepend(DynamoDbTable.PartitionKey)
            .Distinct()
            .Select(static name => new AttributeDefinition(name, ScalarAttributeType.S))],
        GlobalSecondaryIndexes = table.Indexes.Count == 0 ? null : [.. table.Indexes.Select(Create)],
    };

    public static UpdateTimeToLiveRequest SwitchOnTimeToLive(string table) => new()
    {
        TableName = table,
        TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = DynamoDbTable.TimeToLive, Enabled = true },
    };

    private static GlobalSecondaryIndex Create(DynamoDbIndex index) => new()
    {
        IndexName = index.Name,
        KeySchema = Keys(index.PartitionKey, index.SortKey),
        Projection = index.Projected.Count == 0
            ? new Projection { ProjectionType = ProjectionType.KEYS_ONLY }
            : new Projection { ProjectionType = ProjectionType.INCLUDE, NonKeyAttributes = [.. index.Projected] },
    };

    private static List<KeySchemaElement> Keys(string partition, string sort) => [new(partition, KeyType.HASH), new(sort, KeyType.RANGE)];
}
