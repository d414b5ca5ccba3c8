using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Aws.Tests.Sqs;

/// <summary>Two silos on fauxqs, of which one ends.</summary>
public sealed class SiloHandOverTests(AwsStandIn aws)
{
    private const int Streams = 20;
    private const int Events = 10;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SiloEnds_AmidDeliveries_EveryEventStillArrives(bool isKilled)
    {
        await using var cluster = new TwoSilos(aws);
        var silos = await cluster.StartAsync();
        var scripts = Enumerable.Range(0, Streams).Select(static _ => StreamScript.New()).ToList();
        // Until the silo has ended nothing is finished, so that it ends with messages of its own.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var script in scripts) script.OnEvent = (_, _) => ended.Task;
        await PublishAsync(cluster, scripts, 0);

        var last = silos.Silos[^1];
        if (isKilled)
        {
            await cluster.Lines[last.Name].CutAsync();
            await silos.KillSiloAsync(last, TestContext.Current.CancellationToken);
        }
        else
        {
            await silos.StopSiloAsync(last, TestContext.Current.CancellationToken);
        }

        ended.SetResult();
        await PublishAsync(cluster, scripts, Events);
        foreach (var script in scripts)
        {
            await script.BothSeeAsync(2 * Events);
            Assert.Equal(Enumerable.Range(0, 2 * Events), script.Numbers(StreamConsumer.Billing).Order());
        }

        await Eventually.TrueAsync(async () => await QueuedAsync(cluster) == 0, "everything delivered is deleted");
        Assert.Equal(0, await cluster.CountAsync("dead"));
    }

    private static Task PublishAsync(TwoSilos cluster, List<StreamScript> scripts, int first) =>
        Task.WhenAll(scripts.SelectMany(script => StreamEvent.Range(first, Events).Select(item => cluster.PublishAsync(script, item))));

    private static async Task<int> QueuedAsync(TwoSilos cluster)
    {
        var count = 0;
        for (var queue = 0; queue < 4; queue++) count += await cluster.CountAsync($"{queue}");
        return count;
    }

    private sealed class TwoSilos(AwsStandIn aws) : SqsStreamCluster(aws)
    {
        protected override short Silos => 2;

        // What waits too long for the silo to end counts as failed.
        protected override int MaxReceives => 50;
    }
}
