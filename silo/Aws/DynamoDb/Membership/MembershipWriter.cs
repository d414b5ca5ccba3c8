using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.Membership;

/// <summary>Changes one silo and the version of its cluster, both or neither.</summary>
internal sealed class MembershipWriter(MembershipKeys keys, IAmazonDynamoDB client, TimeProvider time)
{
    private const string WriteId = "w";
    private const string ConditionFailed = "ConditionalCheckFailed";

    // Nobody has decided anything then: neither a conflict nor throttling says that the condition does not hold.
    private static readonly string[] Undecided = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

    // Together about a second. Orleans comes again by itself after that.
    private const int MaxAttempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    public static AttributeValue Number(string etag) => ItemText.Of(ItemText.Etag(etag));

    /// <summary>Writes <paramref name="silo"/> if the cluster still has the version that <paramref name="next"/> follows.</summary>
    public async Task<bool> TryWriteAsync(TableVersion next, TransactWriteItem silo, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("N");
        var request = new TransactWriteItemsRequest { ClientRequestToken = id, TransactItems = [Advance(next, id), silo] };
        for (var (attempt, pause) = (1, FirstPause); ; attempt++, pause *= 2)
        {
            try
            {
                await client.TransactWriteItemsAsync(request, cancellation);
                return true;
            }
            catch (TransactionCanceledException failure) when (Codes(failure).Contains(ConditionFailed))
            {
                // Ours may have happened, and its answer was lost.
                return await HasHappenedAsync(id, cancellation);
            }
            catch (TransactionCanceledException failure) when (attempt == MaxAttempts && Codes(failure).All(static code => code is "None" or "TransactionConflict"))
            {
                return false;
            }
            catch (TransactionCanceledException failure) when (attempt < MaxAttempts && Codes(failure).Intersect(Undecided).Any())
            {
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellation);
            }
        }
    }

    private static IEnumerable<string> Codes(TransactionCanceledException failure) => (failure.CancellationReasons ?? []).Select(static reason => reason.Code);

    // The etag that a caller read travels in the version that it wants to write.
    private TransactWriteItem Advance(TableVersion next, string id) => new()
    {
        Update = new Update
        {
            TableName = keys.Table,
            Key = keys.OfVersion(),
            UpdateExpression = $"SET v = :next, {WriteId} = :id",
            ConditionExpression = "v = :expected",
            ExpressionAttributeValues = new()
            {
                [":next"] = ItemText.Of(next.Version),
                [":expected"] = Number(next.VersionEtag),
                [":id"] = ItemText.Of(id),
            },
        },
    };

    private async Task<bool> HasHappenedAsync(string id, CancellationToken cancellation)
    {
        var response = await client.GetItemAsync(
            new GetItemRequest { TableName = keys.Table, Key = keys.OfVersion(), ConsistentRead = true }, cancellation);
        return response.IsItemSet && response.Item.Text(WriteId) == id;
    }
}
