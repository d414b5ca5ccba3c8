using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace AgentRuntime.Aws.DynamoDb.Tables;

internal static class TableCheck
{
    public static bool IsActive(TableDescription table) =>
        (table.TableStatus == TableStatus.ACTIVE || table.TableStatus == TableStatus.UPDATING)
        && (table.GlobalSecondaryIndexes ?? []).All(static index => index.IndexStatus == IndexStatus.ACTIVE || index.IndexStatus == IndexStatus.UPDATING);

    public static void IsUsable(DynamoDbTable wanted, TableDescription? found, IClientConfig config)
    {
        if (found is null)
        {
            throw new OrleansConfigurationException(
                $"The DynamoDB table '{wanted.Name}' does not exist ({Place(config)}). A silo never creates tables: run the command create-tables of the silo,"
                + $" or call DynamoDbTables.CreateAsync, with the rights to do so; or correct the table's name or the region.");
        }

        if (!IsActive(found))
            throw new OrleansConfigurationException($"The DynamoDB table '{wanted.Name}' is {found.TableStatus}, or one of its indexes is not active. Wait until it is active.");
        KeysOf(wanted, found);
    }

    public static void KeysOf(DynamoDbTable wanted, TableDescription found)
    {
        var keys = Names(found.KeySchema);
        if (keys is not [DynamoDbTable.PartitionKey, DynamoDbTable.SortKey])
        {
            throw new OrleansConfigurationException(
                $"The DynamoDB table '{wanted.Name}' has the keys {string.Join(", ", keys)} and not pk, sk: it belongs to another program or provider. Name another table.");
        }

        foreach (var index in wanted.Indexes)
        {
            var same = (found.GlobalSecondaryIndexes ?? []).FirstOrDefault(each => each.IndexName == index.Name);
            if (same is null || Names(same.KeySchema) is not [var partition, var sort] || partition != index.PartitionKey || sort != index.SortKey)
            {
                throw new OrleansConfigurationException(
                    $"The DynamoDB table '{wanted.Name}' lacks the index '{index.Name}' ({index.PartitionKey}, {index.SortKey}), or it has other keys. Add it, or name another table.");
            }
        }
    }

    private static string[] Names(List<KeySchemaElement> schema) =>
        [.. schema.OrderBy(static key => key.KeyType == KeyType.HASH ? 0 : 1).Select(static key => key.AttributeName)];

    private static string Place(IClientConfig config) => config.ServiceURL is { Length: > 0 } url ? url : $"region {config.RegionEndpoint?.SystemName ?? "unknown"}";
}
