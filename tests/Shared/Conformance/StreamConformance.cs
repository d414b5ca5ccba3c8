using Orleans.Streams;
using static AgentRuntime.Testing.Conformance.StreamConsumer;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What every stream provider must do. Of several calls to publish none promises the order.</summary>
public abstract class StreamConformance(StreamCluster cluster)
{
    // A delivery is tried again for 2 s.
    private const int Poison = 3;

    [Fact]
    public async Task Publish_Batch_ReachesEachConsumerInOrder()
    {
        var script = StreamScript.New();
        await cluster.PublishAsync(script, StreamEvent.Range(1, 50));
        await script.BothSeeAsync(50);
        Assert.Equal(Enumerable.Range(1, 50), script.Numbers(Billing));
        Assert.Equal(Enumerable.Range(1, 50), script.Numbers(Shipping));
    }

    [Fact]
    public async Task Publish_ManyStreamsAtOnce_EachGetsAllOfItsOwn()
    {
        var scripts = Enumerable.Range(0, 30).Select(static _ => StreamScript.New()).ToList();
        await Task.WhenAll(scripts.SelectMany((script, index) => Enumerable.Range(0, 5).Select(number => cluster.PublishAsync(script, new StreamEvent { Number = index * 100 + number }))));
        for (var index = 0; index < scripts.Count; index++)
        {
            await scripts[index].BothSeeAsync(5);
            Assert.Equal(Enumerable.Range(index * 100, 5), scripts[index].Numbers(Billing).Order());
        }
    }

    [Fact]
    public async Task Publish_LargeEvent_ArrivesWhole()
    {
        var script = StreamScript.New();
        var padding = new byte[900_000];
        new Random(1).NextBytes(padding);
        await cluster.PublishAsync(script, new StreamEvent { Number = 1, Padding = padding });
        await script.BothSeeAsync(1);
        Assert.Equal(padding, Assert.Single(script.Seen(Shipping)).Padding);
    }

    [Fact]
    public async Task Consumer_FailsOnce_GetsTheEventAgain()
    {
        var script = StreamScript.New();
        var failures = 0;
        script.OnEvent = (consumer, _) => consumer == Billing && Interlocked.Increment(ref failures) == 1 ? throw new InvalidOperationException("Once.") : Task.CompletedTask;
        await cluster.PublishAsync(script, StreamEvent.Range(1, 3));
        await script.BothSeeAsync(3);
        Assert.True(failures > 3);
    }

    [Fact]
    public async Task Consumer_AlwaysFailsOneEvent_GetsTheLaterOnesAndTheOtherGetsAll()
    {
        var (poisoned, healthy) = (StreamScript.New(), StreamScript.New());
        poisoned.OnEvent = static (consumer, item) => consumer == Billing && item.Number == Poison ? throw new InvalidOperationException("Always.") : Task.CompletedTask;
        foreach (var item in StreamEvent.Range(1, 5))
        {
            await cluster.PublishAsync(poisoned, item);
            await cluster.PublishAsync(healthy, item);
        }

        await healthy.BothSeeAsync(5);
        await Eventually.TrueAsync(() => Task.FromResult(poisoned.Seen(Billing).Count == 4 && poisoned.Seen(Shipping).Count == 5), "all but the poisoned event have arrived");
        Assert.Equal([1, 2, 4, 5], poisoned.Numbers(Billing).Order());
    }

    [Fact]
    public async Task Subscriber_OfTheClient_ReceivesWhatIsPublished()
    {
        var script = StreamScript.New();
        var stream = await cluster.StreamAsync(script.Key);
        var handle = await stream.SubscribeAsync((item, _) => script.MeetAsync("client", item));
        await cluster.PublishAsync(script, StreamEvent.Range(1, 3));
        await Eventually.TrueAsync(() => Task.FromResult(script.Seen("client").Count == 3), "the client has seen 3 events");
        await handle.UnsubscribeAsync();
    }
}
