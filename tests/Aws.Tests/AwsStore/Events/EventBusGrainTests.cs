using System.Text.Json.Nodes;
using AgentRuntime.Agents;
using AgentRuntime.Aws.Sqs;
using AgentRuntime.Aws.Tests.EventBridge;
using AgentRuntime.Aws.Tests.Events;
using AgentRuntime.Aws.Tests.Hosting;
using AgentRuntime.AwsStore.Events;
using AgentRuntime.Benchmarks;
using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace AgentRuntime.Aws.Tests.AwsStore.Events;

/// <summary>From runs of a real silo to the event bus, over the stream of events. On DynamoDB Local, fauxqs, moto, and a double of EventBridge that verifies signatures.</summary>
public sealed class EventBusGrainTests(AwsStandIn aws, S3StandIn s3)
{
    [Fact]
    public async Task Runs_BusThrottlesLosesAnswersAndTakesAPart_AreAllSaidThereWithoutContent()
    {
        await using var bus = await BusDouble.StartAsync("test", BusDouble.Trouble.AnswerLost, BusDouble.Trouble.HalfThrottled, BusDouble.Trouble.Throttled);
        await using var silo = await StartAsync(bus);
        var runs = new HashSet<string>();
        for (var n = 0; n < 5; n++) runs.Add((await silo.CompleteRunAsync("1")).Run.Value);

        await Eventually.TrueAsync(() => Task.FromResult(Runs(bus, "run.started").IsSupersetOf(runs) && Runs(bus, "run.completed").IsSupersetOf(runs)), "all runs are on the bus");
        Assert.Equal(runs, Runs(bus, "run.started"));
        Assert.Equal(["run.completed", "run.started"], bus.Put.Select(entry => (string)entry["DetailType"]!).Distinct().Order());
        Assert.All(bus.Put, entry =>
        {
            Assert.Equal((BusEvents.Source, "agents"), ((string)entry["Source"]!, (string)entry["EventBusName"]!));
            var detail = JsonNode.Parse((string)entry["Detail"]!)!.AsObject();
            Assert.Equal(["tenant", "agent", "run", "seq", "time"], detail.Select(member => member.Key));
            Assert.Equal(BenchSilo.Tenant.Value, (string)detail["tenant"]!);
        });
    }

    [Fact]
    public async Task Bus_RefusesAll_AuditAndCountsOfAllTenantsGoOn()
    {
        await using var bus = await BusDouble.StartAsync("test");
        bus.IsClosed = true;
        await using var silo = await StartAsync(bus, configure: static services =>
        {
            services.Configure<SqsStreamOptions>(EventStreams.Provider, static queues => queues.CachedMessages = 10);
            services.Configure<StreamPullingAgentOptions>(EventStreams.Provider, static pulling => pulling.MaxEventDeliveryTime = TimeSpan.FromSeconds(4));
        });
        await silo.AddTenantAsync(BenchSilo.Neighbour);
        var run = await silo.CompleteRunAsync("1");
        var neighbours = new RunKey(BenchSilo.Neighbour, RunIds.FromRequest(BenchSilo.Neighbour, "n"));

        // One after the other they would take the bus minutes.
        var missing = silo.Services.GetRequiredService<MissingRecords>();
        for (var message = 0; message < 60; message++) await missing.PublishAsync(run.Tenant, [(new RunMark(run, long.MaxValue), 0)], TestContext.Current.CancellationToken);
        var end = silo.Signals.End(neighbours);
        await silo.Run(neighbours).StartAsync(new StartRun("bench", 0, "1", "n", BenchSilo.Caller with { Tenant = BenchSilo.Neighbour }), TestContext.Current.CancellationToken);
        await end;
        await silo.CompleteRunAsync("1");

        Assert.Equal(1, (await JournalFigures.RequireSameAsync(silo.Services, BenchSilo.Neighbour)).Runs);
        Assert.Equal(2, (await JournalFigures.RequireSameAsync(silo.Services, BenchSilo.Tenant)).Runs);
        Assert.Empty(bus.Put);
    }

    [Fact]
    public async Task FindAsync_BusIsMissing_EndsTheStart()
    {
        await using var bus = await BusDouble.StartAsync("test");
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => StartAsync(bus, "others"));
        Assert.Contains("Aws:EventBus", failure.Message, StringComparison.Ordinal);
    }

    private async Task<BenchSilo> StartAsync(BusDouble bus, string name = "agents", Action<IServiceCollection>? configure = null)
    {
        var settings = new ConfigurationBuilder()
            .AddConfiguration(await SiloSettings.CreateAsync(aws, s3))
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Aws:EventBus"] = name, ["Aws:EventBridgeEndpoint"] = bus.Endpoint.ToString() })
            .Build();
        var payloads = new BenchPayloads(seed: 1);
        return await BenchSilo.StartAsync(new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow(), settings, configure);
    }

    private static HashSet<string> Runs(BusDouble bus, string type) =>
        [.. bus.Put.Where(entry => (string)entry["DetailType"]! == type).Select(entry => (string)JsonNode.Parse((string)entry["Detail"]!)!["run"]!)];
}
