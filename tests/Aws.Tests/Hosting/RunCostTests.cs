using System.Diagnostics.Metrics;
using AgentRuntime.Agents;
using AgentRuntime.AwsStore;
using AgentRuntime.Benchmarks;
using AgentRuntime.Common;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>What a run of ten steps costs, as DynamoDB Local says with each answer. It charges as DynamoDB does: by begun KB, transactions twice, indexes extra.</summary>
public sealed class RunCostTests(AwsStandIn aws, S3StandIn s3, ITestOutputHelper output)
{
    private const int Runs = 10;
    private const double MaxRequests = 24;
    private const double MaxWriteUnits = 50;

    [Fact]
    public async Task TenSteps_WithPayloadsThatDoNotCompress_StayWithinTheirPrice()
    {
        var settings = await SettingsAsync();
        var payloads = new BenchPayloads(seed: 1);
        await using var silo = await BenchSilo.StartAsync(new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow(), settings);
        await silo.CompleteRunAsync("10");

        using var cost = new StoreCost(silo.Services.GetRequiredService<IMeterFactory>());
        for (var run = 0; run < Runs; run++) await silo.CompleteRunAsync("10");

        output.WriteLine($"{cost}\n{cost.Requests / Runs:0.0} requests, {cost.WriteUnits / Runs:0.0} write units a run");
        Assert.InRange(cost.Requests / Runs, 1, MaxRequests);
        Assert.InRange(cost.WriteUnits / Runs, 1, MaxWriteUnits);
    }

    private async Task<IConfiguration> SettingsAsync()
    {
        var prefix = AwsStandIn.NewPrefix();
        var tables = new AwsTables(prefix);
        await aws.CreateAsync([.. tables.All]);
        await using var clients = await aws.ClientsAsync();
        var client = clients.GetRequiredService<IAmazonDynamoDB>();
        var origin = await TableOrigin.FindAsync(client, tables.Journal, TestContext.Current.CancellationToken);
        await StoreIdentity.New(null, null, openShards: 2, origin).TryCreateAsync(client, tables.Journal, TestContext.Current.CancellationToken);
        // The credentials of a stand-in; the silo asks the SDK's own chain.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        return new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Silo:Store"] = "aws",
            ["Aws:DynamoDbEndpoint"] = (await aws.DynamoDbAsync()).ToString(),
            ["Aws:S3Endpoint"] = (await s3.EndpointAsync()).ToString(),
            ["Aws:TablePrefix"] = prefix,
            ["Aws:Bucket"] = $"{prefix}bucket",
        }).Build();
    }
}
