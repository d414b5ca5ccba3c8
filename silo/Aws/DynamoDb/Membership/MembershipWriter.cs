using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.Membership;

/// <summary>Changes one silo and the version of its cluster, both or neither.</summary>
internal sealed class MembershipWriter(MembershipKeys keys, IAmazonDynamoDB client, TimeProvider time)
{
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
        // The token makes DynamoDB answer a repetition, be it after a lost answer, as it answered the first.
        var request = new TransactWriteItemsRequest { ClientRequestToken = Guid.NewGuid().ToString("N"), TransactItems = [Advance(next), silo] };
        for (var (attempt, pause) = (1, FirstPause); ; attempt++, pause *= 2)
        {
            try
            {
                await client.TransactWriteItemsAsync(request, cancellation);
                return true;
            }
            catch (TransactionCanceledException failure) when (Codes(failure).Contains(ConditionFailed))
            {
                return false;
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
    private TransactWriteItem Advance(TableVersion next) => new()
    {
        Update = new Update
        {
            TableName = keys.Table,
            Key = keys.OfVersion(),
            UpdateExpression = "SET v = :next",
            ConditionExpression = "v = :expected",
            ExpressionAttributeValues = new()
            {
                [":next"] = ItemText.Of(next.Version),
                [":expected"] = Number(next.VersionEtag),
            },
        },
    };
}
