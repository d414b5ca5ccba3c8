using AgentRuntime.Aws;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Chaos.Faults.Plants;
using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Chaos.Faults;

/// <summary>Clients of the stand-ins. Each has faults of its own, which follow from the seed and its number. The SDK does not try again, so that all of them reach the providers.</summary>
internal sealed class FaultyAws(Uri dynamoDb, Uri sqs, FaultTally faults, FaultsOptions options)
{
    private const double Share = 0.33;
    private const double QueueShare = 0.3;

    private int _clients;

    public int Seed => options.Seed;

    /// <summary>The clients of a user of AWS, who may go by <paramref name="line"/>.</summary>
    public IServiceCollection Connect(Func<HttpMessageHandler, HttpMessageHandler>? line = null)
    {
        var seed = Dice.Roll(int.MaxValue, options.Seed, Interlocked.Increment(ref _clients));
        return Plain().AddAws(aws =>
        {
            aws.MaxAttempts = 1;
            aws.WrapHandler = sockets =>
            {
                var served = PlantedHandlers.BelowFaults(options.Plant, new NoScan(sockets));
                var queues = faults.Add(new SqsFaults(served, seed, QueueShare));
                var faulty = PlantedHandlers.AboveFaults(options.Plant, new FaultyHandler(queues, faults.Add(new FaultPlan(seed, Share))));
                return line is null ? faulty : line(faulty);
            };
        });
    }

    /// <summary>Clients that meet no fault, to make what a workload needs.</summary>
    public IServiceCollection Plain() => new ServiceCollection().AddLogging().AddAws(aws =>
    {
        aws.DynamoDbEndpoint = dynamoDb;
        aws.SqsEndpoint = sqs;
        aws.Credentials = new BasicAWSCredentials("test", "test");
    });

    public async Task CreateAsync(DynamoDbTable table)
    {
        await using var services = Plain().BuildServiceProvider();
        await DynamoDbTables.CreateAsync(services.GetRequiredService<IAmazonDynamoDB>(), [table], CancellationToken.None);
    }
}
