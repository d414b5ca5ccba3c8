using AgentRuntime.Testing;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Aws.Tests.Sqs;

/// <summary>On fauxqs.</summary>
public sealed class SqsStreamTests(SqsStreamCluster cluster) : StreamConformance(cluster), IClassFixture<SqsStreamCluster>
{
    private readonly SqsStreamCluster _cluster = cluster;

    [Fact]
    public async Task Consumer_AlwaysFails_EventIsPutAsideWithTheReason()
    {
        var script = StreamScript.New();
        script.OnEvent = static (consumer, item) => consumer == StreamConsumer.Billing ? throw new InvalidOperationException("Always.") : Task.CompletedTask;
        await _cluster.PublishAsync(script, new StreamEvent { Number = 1 });
        await Eventually.TrueAsync(async () => (await _cluster.DeadAsync()).Any(static reason => reason.Contains("2 times", StringComparison.Ordinal)), "the event is in the queue of the dead");
        Assert.Equal([1], script.Numbers(StreamConsumer.Shipping));
    }
}
