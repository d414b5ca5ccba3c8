using System.Diagnostics.Metrics;
using AgentRuntime.Agents;
using AgentRuntime.Benchmarks;
using AgentRuntime.Common;
using AgentRuntime.Testing.Aws;
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
        var settings = await SiloSettings.CreateAsync(aws, s3);
        var payloads = new BenchPayloads(seed: 1);
        await using var silo = await BenchSilo.StartAsync(new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow(), settings);
        await silo.CompleteRunAsync("10");

        using var cost = new StoreCost(silo.Services.GetRequiredService<IMeterFactory>());
        for (var run = 0; run < Runs; run++) await silo.CompleteRunAsync("10");

        output.WriteLine($"{cost}\n{cost.Requests / Runs:0.0} requests, {cost.WriteUnits / Runs:0.0} write units a run");
        Assert.InRange(cost.Requests / Runs, 1, MaxRequests);
        Assert.InRange(cost.WriteUnits / Runs, 1, MaxWriteUnits);
    }
}
