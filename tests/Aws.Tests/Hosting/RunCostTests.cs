using System.Diagnostics.Metrics;
using AgentRuntime.Agents;
using AgentRuntime.Audit;
using AgentRuntime.Aws.Tests.Events;
using AgentRuntime.Benchmarks;
using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>What a run of ten steps costs, as DynamoDB Local says with each answer. It charges as DynamoDB does: by begun KB, transactions twice, indexes extra.</summary>
public sealed class RunCostTests(AwsStandIn aws, S3StandIn s3, ITestOutputHelper output)
{
    private const int Runs = 64;
    private const double MaxRequests = 24;
    private const double MaxWriteUnits = 50;

    [Fact]
    public async Task TenSteps_WithPayloadsThatDoNotCompress_StayWithinTheirPrice()
    {
        var settings = await SiloSettings.CreateAsync(aws, s3);
        var payloads = new BenchPayloads(seed: 1);
        var state = new StateCost();
        await using var silo = await BenchSilo.StartAsync(
            new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow(), settings, state.AddTo);
        await silo.CompleteRunAsync("10");
        await JournalFigures.RequireSameAsync(silo.Services, BenchSilo.Tenant);

        state.Reset();
        using var cost = new StoreCost(silo.Services.GetRequiredService<IMeterFactory>());
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => silo.CompleteRunAsync("10")));
        await JournalFigures.RequireClosedAsync(silo.Services);
        var (requests, units) = (state.Requests - state.RunStates, state.WriteUnits - state.RunStateUnits);
        var queues = cost.QueueRequests;
        await CheckpointAsync(silo.Services, state);

        output.WriteLine(
            $"{cost}\na run: {cost.Requests / Runs:0.00} requests, {cost.WriteUnits / Runs:0.0} write units; for audit index and counts {(double)requests / Runs:0.00} requests, {units / Runs:0.00} write units for "
            + $"deliveries, {(double)state.RunStates / Runs:0.00} requests, {state.RunStateUnits / Runs:0.00} write units at the checkpoint; {queues / Runs:0.00} requests of SQS");
        Assert.InRange(requests, 1, int.MaxValue);
        Assert.InRange(state.RunStates, Runs, 2 * Runs);
        Assert.InRange((cost.Requests + requests + state.RunStates) / Runs, 1, MaxRequests);
        Assert.InRange((cost.WriteUnits + units + state.RunStateUnits) / Runs, 1, MaxWriteUnits);
    }

    // The states of runs are written now and then, when there were so many deliveries. Here they are of one run that is none.
    private static async Task CheckpointAsync(IServiceProvider services, StateCost state)
    {
        var sender = services.GetRequiredService<EventSender>();
        for (var seq = 0; seq < SegmentRing<AuditSegment>.Interval; seq++)
        {
            var record = new RunEvent(seq, EventTypes.ModelReplied, TimeProvider.System.GetUtcNow(), new byte[RunEvent.HashBytes]);
            await sender.SendAsync(new EventBatch(BenchSilo.Tenant, [new RunEvents("filler", "bench", [record])]));
        }

        await Eventually.TrueAsync(() => Task.FromResult(state.RunStates >= Runs), "the states of the runs are written");
    }
}
