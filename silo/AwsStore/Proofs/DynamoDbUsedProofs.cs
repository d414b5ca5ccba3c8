using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Proofs;

/// <summary>Used proofs as items of the table of grain state, which DynamoDB deletes some time after they end. No tenant's role reaches them.</summary>
internal sealed class DynamoDbUsedProofs(IAmazonDynamoDB client, string table) : IUsedProofs
{
    private const string Writer = "w";

    public async Task<bool> TryUseAsync(string signature, DateTimeOffset until)
    {
        // An attempt of ours whose answer was lost is found again by the SDK's next one.
        var writer = Item.Text(Guid.NewGuid().ToString("N"));
        try
        {
            await client.PutItemAsync(new PutItemRequest
            {
                TableName = table,
                Item = new()
                {
                    [DynamoDbTable.PartitionKey] = Item.Text($"PROOF#{signature}"),
                    [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Single),
                    [DynamoDbTable.TimeToLive] = Item.Number(until.ToUnixTimeSeconds()),
                    [Writer] = writer,
                },
                ConditionExpression = $"attribute_not_exists({DynamoDbTable.PartitionKey}) OR {Writer} = :w",
                ExpressionAttributeValues = new() { [":w"] = writer },
            });
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
        catch (Exception failure) when (StoreFailures.IsNoAnswer(failure))
        {
            throw StoreFailures.Unavailable($"The store of used proofs (DynamoDB table {table})", failure);
        }
    }
}
