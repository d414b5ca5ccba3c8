using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore;

/// <summary>Which table it is, whatever it is called.</summary>
/// <param name="Id">DynamoDB gives each table its own; one that was restored is a new table.</param>
/// <param name="AsOf">The point in time that a restored table shows; null for one that was created, or whose origin nobody knows.</param>
internal sealed record TableOrigin(string Id, DateTimeOffset? AsOf)
{
    public static async Task<TableOrigin> FindAsync(IAmazonDynamoDB client, string table, CancellationToken cancellation)
    {
        var found = (await client.DescribeTableAsync(new DescribeTableRequest { TableName = table }, cancellation)).Table;
        // DynamoDB Local gives no ids.
        var id = found.TableId ?? string.Create(CultureInfo.InvariantCulture, $"{table}@{found.CreationDateTime?.ToUniversalTime().Ticks}");
        return new TableOrigin(id, found.RestoreSummary?.RestoreDateTime is { } time ? new DateTimeOffset(time.ToUniversalTime()) : null);
    }
}
