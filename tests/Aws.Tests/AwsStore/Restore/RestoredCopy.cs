using AgentRuntime.AwsStore;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Restore;

/// <summary>The tables of a cluster on DynamoDB Local, and copies of them: new tables with what the others held, as AWS restores them to a point in time.</summary>
internal sealed class RestoredCopy(AwsStandIn aws, S3StandIn s3)
{
    private const int Parts = 2;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public AwsTables Tables { get; } = new(AwsStandIn.NewPrefix());

    /// <summary>Creates tables for a new cluster, and a bucket.</summary>
    public static async Task<RestoredCopy> CreateAsync(AwsStandIn aws, S3StandIn s3)
    {
        // The credentials of a stand-in; a silo asks the SDK's own chain.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        var tables = await MakeAsync(aws, s3);
        using var client = await tables.ClientAsync();
        var origin = await TableOrigin.FindAsync(client, tables.Tables.Journal, Stop);
        await StoreIdentity.New(null, null, Parts, origin).TryCreateAsync(client, tables.Tables.Journal, Stop);
        return tables;
    }

    /// <summary>New tables with what is in the journal and the grain state now.</summary>
    public async Task<RestoredCopy> CopyAsync()
    {
        var copy = await MakeAsync(aws, s3);
        using var client = await ClientAsync();
        await CopyAsync(client, Tables.State, copy.Tables.State);
        await CopyAsync(client, Tables.Journal, copy.Tables.Journal);
        return copy;
    }

    public async Task<Dictionary<string, string?>> SettingsAsync()
    {
        await using var clients = await s3.ClientsAsync();
        return new()
        {
            ["Silo:Store"] = "aws",
            ["Aws:DynamoDbEndpoint"] = (await aws.DynamoDbAsync()).ToString(),
            ["Aws:S3Endpoint"] = (await s3.EndpointAsync()).ToString(),
            ["Aws:SqsEndpoint"] = (await aws.SqsAsync()).ToString(),
            ["Aws:EventQueues"] = "1",
            ["Aws:TablePrefix"] = Tables.Prefix,
            ["Aws:Bucket"] = await S3StandIn.NewBucketAsync(clients.GetRequiredService<IAmazonS3>()),
        };
    }

    public async Task<IConfiguration> ConfigurationAsync() => new ConfigurationBuilder().AddInMemoryCollection(await SettingsAsync()).Build();

    public async Task<AwsPlace> PlaceAsync() => await AwsPlace.OpenAsync(AwsPlace.Read(await ConfigurationAsync()), Stop);

    private static async Task<RestoredCopy> MakeAsync(AwsStandIn aws, S3StandIn s3)
    {
        var made = new RestoredCopy(aws, s3);
        await aws.CreateAsync([.. made.Tables.All]);
        var options = AwsPlace.Read(await made.ConfigurationAsync());
        await using var clients = new ServiceCollection().AddAws(AwsPlace.Configure(options)).BuildServiceProvider();
        await EventQueues.CreateAsync(clients.GetRequiredService<IAmazonSQS>(), options, Stop);
        return made;
    }

    // The clients of the product must not scan; this one stands for AWS itself.
    private async Task<AmazonDynamoDBClient> ClientAsync() =>
        new(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig { ServiceURL = (await aws.DynamoDbAsync()).ToString() });

    private static async Task CopyAsync(AmazonDynamoDBClient client, string from, string to)
    {
        var request = new ScanRequest { TableName = from, ConsistentRead = true };
        do
        {
            var page = await client.ScanAsync(request, Stop);
            foreach (var item in page.Items) await client.PutItemAsync(to, item, Stop);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }
}
