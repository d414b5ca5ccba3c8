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

            var lacking = same.Projection.ProjectionType == ProjectionType.ALL ? [] : index.Projected.Except(same.Projection.NonKeyAttributes ?? []).ToArray();
            if (lacking.Length > 0)
            {
                throw new OrleansConfigurationException(
                    $"The index '{index.Name}' of the DynamoDB table '{wanted.Name}' lacks the attributes {string.Join(", ", lacking)}. Delete the index and add it with them, or name another table.");
            }
        }

        var keyed = keys.Concat(wanted.Indexes.SelectMany(static index => new[] { index.PartitionKey, index.SortKey })).ToHashSet();
        if ((found.AttributeDefinitions ?? []).FirstOrDefault(each => keyed.Contains(each.AttributeName) && each.AttributeType != ScalarAttributeType.S) is { } other)
        {
            throw new OrleansConfigurationException(
                $"The key {other.AttributeName} of the DynamoDB table '{wanted.Name}', or of an index of it, is of type {other.AttributeType} and not a string: it belongs to another program. Name another table.");
        }
    }

    public static void TimeToLiveOf(DynamoDbTable wanted, TimeToLiveDescription? found)
    {
        if (IsOn(found) && found!.AttributeName == DynamoDbTable.TimeToLive) return;
        throw new OrleansConfigurationException(IsOn(found)
            ? $"The time to live of the DynamoDB table '{wanted.Name}' is the attribute '{found!.AttributeName}' and not '{DynamoDbTable.TimeToLive}': what expires would stay. Switch it off there and on here, or name another table."
            : $"The DynamoDB table '{wanted.Name}' has no time to live, as one that was restored has none: what expires would stay. Switch it on, for the attribute '{DynamoDbTable.TimeToLive}', with the command create-tables of the silo"
                + " or with DynamoDbTables.CreateAsync.");
    }

    public static bool IsOn(TimeToLiveDescription? found) => found?.TimeToLiveStatus == TimeToLiveStatus.ENABLED || found?.TimeToLiveStatus == TimeToLiveStatus.ENABLING;

    private static string[] Names(List<KeySchemaElement> schema) =>
        [.. schema.OrderBy(static key => key.KeyType == KeyType.HASH ? 0 : 1).Select(static key => key.AttributeName)];

    private static string Place(IClientConfig config) => config.ServiceURL is { Length: > 0 } url ? url : $"region {config.RegionEndpoint?.SystemName ?? "unknown"}";
}
