using System.Collections.Concurrent;
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

        var counts = new ConcurrentDictionary<(string Instrument, string Operation), double>();
        using (var listener = Listen(silo.Services.GetRequiredService<IMeterFactory>(), counts))
        {
            for (var run = 0; run < Runs; run++) await silo.CompleteRunAsync("10");
        }

        foreach (var (key, sum) in counts.OrderBy(count => count.Key.ToString())) output.WriteLine($"{key.Instrument} {key.Operation}: {sum / Runs:0.0} a run");
        // The indexes are asked by pollers, once a second whatever the runs do.
        var requests = counts.Where(count => count.Key is { Instrument: "agentruntime.store.requests", Operation: not "QueryIndex" }).Sum(count => count.Value) / Runs;
        var writeUnits = counts.Where(count => count.Key.Instrument == "agentruntime.store.write_units").Sum(count => count.Value) / Runs;
        output.WriteLine($"{requests:0.0} requests, {writeUnits:0.0} write units");
        Assert.InRange(requests, 1, MaxRequests);
        Assert.InRange(writeUnits, 1, MaxWriteUnits);
    }

    private async Task<IConfiguration> SettingsAsync()
    {
        var prefix = AwsStandIn.NewPrefix();
        var tables = new AwsTables(prefix);
        await aws.CreateAsync([.. tables.All]);
        await using var clients = await aws.ClientsAsync();
        await StoreIdentity.New(null, null, openShards: 2).TryCreateAsync(clients.GetRequiredService<IAmazonDynamoDB>(), tables.Journal, TestContext.Current.CancellationToken);
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

    private static MeterListener Listen(IMeterFactory meters, ConcurrentDictionary<(string, string), double> counts)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name.StartsWith("agentruntime.store.", StringComparison.Ordinal)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counts.AddOrUpdate((instrument.Name, (string)tags[0].Value!), value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => counts.AddOrUpdate((instrument.Name, (string)tags[0].Value!), value, (_, sum) => sum + value));
        listener.Start();
        return listener;
    }
}
