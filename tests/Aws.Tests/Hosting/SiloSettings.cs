using AgentRuntime.AwsStore;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>Settings of silos of this process whose tables, bucket and queues are made here, on DynamoDB Local, moto and fauxqs.</summary>
internal static class SiloSettings
{
    public const int Queues = 2;

    public static async Task<IConfiguration> CreateAsync(AwsStandIn aws, S3StandIn s3, string tenancy = StoreIdentity.Shared)
    {
        var prefix = AwsStandIn.NewPrefix();
        var settings = new Dictionary<string, string?>
        {
            ["Silo:Store"] = "aws",
            ["Aws:DynamoDbEndpoint"] = (await aws.DynamoDbAsync()).ToString(),
            ["Aws:S3Endpoint"] = (await s3.EndpointAsync()).ToString(),
            ["Aws:SqsEndpoint"] = (await aws.SqsAsync()).ToString(),
            ["Aws:TablePrefix"] = prefix,
            ["Aws:EventQueues"] = $"{Queues}",
            ["Aws:Bucket"] = $"{prefix}bucket",
        };
        // The credentials of a stand-in; the silo asks the SDK's own chain.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var options = AwsPlace.Read(configuration);
        var tables = new AwsTables(prefix);
        await aws.CreateAsync([.. tables.All]);
        await using var clients = new ServiceCollection().AddAws(AwsPlace.Configure(options)).BuildServiceProvider();
        await clients.GetRequiredService<IAmazonS3>().PutBucketAsync(options.Bucket, TestContext.Current.CancellationToken);
        await EventQueues.CreateAsync(clients.GetRequiredService<IAmazonSQS>(), options, TestContext.Current.CancellationToken);
        var client = clients.GetRequiredService<IAmazonDynamoDB>();
        var origin = await TableOrigin.FindAsync(client, tables.Journal, TestContext.Current.CancellationToken);
        await (StoreIdentity.New(null, null, openShards: 2, origin) with { Tenancy = tenancy }).TryCreateAsync(client, tables.Journal, TestContext.Current.CancellationToken);
        return configuration;
    }
}
