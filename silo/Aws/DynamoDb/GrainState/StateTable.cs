using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

/// <summary>The requests that states are read and written with.</summary>
internal sealed class StateTable(IAmazonDynamoDB client)
{
    /// <summary>
    /// Nobody wrote since the version that we know; or we did ourselves, and the answer was lost. Our own later write is not written over by an earlier one
    /// that arrives late.
    /// </summary>
    private const string OnlyIfOurs = "v = :expected OR (w = :id AND v <= :version)";

    private const string OnlyIfNew = "attribute_not_exists(pk) OR (w = :id AND v <= :version)";

    public async Task<StateItem?> FindAsync(StateKey key, CancellationToken cancellation)
    {
        var response = await client.GetItemAsync(new GetItemRequest { TableName = key.Table, Key = key.Attributes, ConsistentRead = true }, cancellation);
        return response.IsItemSet ? StateItem.Read(response.Item) : null;
    }

    /// <summary>Version, and object if there is one, of what is stored; without the data.</summary>
    public async Task<StateEtag> FindEtagAsync(StateKey key, CancellationToken cancellation)
    {
        var response = await client.GetItemAsync(
            new GetItemRequest
            {
                TableName = key.Table,
                Key = key.Attributes,
                ConsistentRead = true,
                ProjectionExpression = $"{StateItem.Version}, {StateItem.WriteId}, {StateItem.Object}",
            },
            cancellation);
        return response.IsItemSet ? StateItem.Read(response.Item).Etag : StateEtag.Nothing;
    }

    /// <summary>Puts the whole item, and says whether it was the one that was expected.</summary>
    public async Task<bool> TryPutAsync(StateKey key, StateItem item, StateEtag etag, CancellationToken cancellation)
    {
        var values = new Dictionary<string, AttributeValue>
        {
            [":id"] = ItemText.Of(item.Write.Id),
            [":version"] = ItemText.Of(item.Write.Version),
        };
        if (etag.Version != 0) values[":expected"] = ItemText.Of(etag.Version);
        try
        {
            await client.PutItemAsync(
                new PutItemRequest
                {
                    TableName = key.Table,
                    Item = item.Attributes(key),
                    ConditionExpression = etag.Version == 0 ? OnlyIfNew : OnlyIfOurs,
                    ExpressionAttributeValues = values,
                },
                cancellation);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }
}
