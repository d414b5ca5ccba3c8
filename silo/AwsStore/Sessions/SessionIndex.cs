using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Common;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Sessions;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Sessions;

/// <summary>The sessions of each tenant: an item for each, in one partition a tenant, sorted by id. It is there before the session is, and may be without one.</summary>
internal sealed class SessionIndex(StoreRequests requests, JournalTable table) : ISessionCatalog
{
    public Task<IReadOnlyList<SessionId>> ListAsync(TenantId tenant, string? after, int limit, CancellationToken cancellation) =>
        StoreFailures.ReadingAsync<IReadOnlyList<SessionId>>(table.Store, async () =>
        {
            var found = new List<SessionId>();
            var query = new QueryRequest
            {
                TableName = table.Name,
                ConsistentRead = true,
                Limit = limit,
                KeyConditionExpression = "pk = :p AND sk > :after",
                // A space sorts before every id; DynamoDB takes no empty key.
                ExpressionAttributeValues = new() { [":p"] = Item.Text(PartitionOf(tenant)), [":after"] = Item.Text(after is null or "" ? " " : after) },
            };
            do
            {
                var page = await requests.QueryAsync(query, cancellation);
                found.AddRange(page.Items.Select(static item => SessionId.Parse(item.TextOf(DynamoDbTable.SortKey))));
                query.ExclusiveStartKey = page.LastEvaluatedKey;
            }
            while (found.Count < limit && query.ExclusiveStartKey is { Count: > 0 });
            return [.. found.Take(limit)];
        }, cancellation);

    /// <summary>Makes sure that a session is listed.</summary>
    public Task AddAsync(TenantId tenant, SessionId session) => requests.PutAsync(new PutItemRequest
    {
        TableName = table.Name,
        Item = new() { [DynamoDbTable.PartitionKey] = Item.Text(PartitionOf(tenant)), [DynamoDbTable.SortKey] = Item.Text(session.Value) },
    });

    private static string PartitionOf(TenantId tenant) => $"{KeyText.Tenant(tenant.Value)}S";
}
