using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb;

/// <summary>Queries to their end. A page of DynamoDB has at most 1 MB.</summary>
internal static class Queries
{
    private const int MaxPages = 1000;

    /// <exception cref="InvalidOperationException">There are more than 1,000 pages.</exception>
    public static async Task<List<Dictionary<string, AttributeValue>>> AllAsync(this IAmazonDynamoDB client, QueryRequest query, CancellationToken cancellation)
    {
        List<Dictionary<string, AttributeValue>> items = [];
        for (var page = 1; page <= MaxPages; page++)
        {
            var response = await client.QueryAsync(query, cancellation);
            items.AddRange(response.Items ?? []);
            if (response.LastEvaluatedKey is not { Count: > 0 } last) return items;
            query.ExclusiveStartKey = last;
        }

        throw new InvalidOperationException($"A query of '{query.TableName}' has more than {MaxPages} pages.");
    }
}
