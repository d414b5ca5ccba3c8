using System.Text.Json.Nodes;
using AgentRuntime.Aws.EventBridge;
using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;
using static AgentRuntime.Aws.Tests.EventBridge.BusDouble;

namespace AgentRuntime.Aws.Tests.EventBridge;

/// <summary>Against a double that recomputes each signature.</summary>
public sealed class EventBusTests
{
    private const string Secret = "secret";
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task PutAsync_ManyEvents_GoInBatchesAsTheyAre()
    {
        await using var bus = await BusDouble.StartAsync(Secret);
        await PutAsync(bus, Events(23));
        Assert.Equal([10, 10, 3], bus.Requests);
        Assert.Equal(Events(23).Select(each => each.Detail), bus.Put.Select(DetailOf));
        Assert.Equal(
            $$"""{"EventBusName":"agents","Source":"test","DetailType":"run.started","Time":{{At.ToUnixTimeSeconds()}},"Detail":"{\u0022n\u0022:0}"}""",
            bus.Put.First().ToJsonString());
    }

    [Fact]
    public async Task PutAsync_LargeEvents_StayWithinABatch()
    {
        await using var bus = await BusDouble.StartAsync(Secret);
        var large = new BusEvent("test", "run.started", At, new JsonObject { ["text"] = new string('x', 100 * 1024) }.ToJsonString());
        await PutAsync(bus, [large, large, large]);
        Assert.Equal([2, 1], bus.Requests);
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(bus, [large with { Detail = new string('x', EventBus.MaxRequestBytes) }]));
    }

    [Fact]
    public async Task PutAsync_Throttled_IsSentAgain()
    {
        await using var bus = await BusDouble.StartAsync(Secret, Trouble.Throttled, Trouble.Throttled);
        await PutAsync(bus, Events(2));
        Assert.Equal(3, bus.Requests.Count);
        Assert.Equal(2, bus.Put.Count);
    }

    [Fact]
    public async Task PutAsync_PartNotTaken_IsSentAgainAlone()
    {
        await using var bus = await BusDouble.StartAsync(Secret, Trouble.HalfThrottled);
        await PutAsync(bus, Events(10));
        Assert.Equal([10, 5], bus.Requests);
        Assert.Equal(Events(10).Select(each => each.Detail).Order(), bus.Put.Select(DetailOf).Order());
    }

    [Fact]
    public async Task PutAsync_AnswerLost_IsPutAgain()
    {
        await using var bus = await BusDouble.StartAsync(Secret, Trouble.AnswerLost);
        await PutAsync(bus, Events(2));
        Assert.Equal(4, bus.Put.Count);
    }

    [Fact]
    public async Task PutAsync_NeverTaken_Fails()
    {
        await using var throttled = await BusDouble.StartAsync(Secret, [.. Enumerable.Repeat(Trouble.Throttled, 3)]);
        Assert.Equal("ThrottlingException", (await Assert.ThrowsAsync<AmazonServiceException>(() => PutAsync(throttled, Events(1)))).ErrorCode);

        await using var half = await BusDouble.StartAsync(Secret, [.. Enumerable.Repeat(Trouble.HalfThrottled, 10)]);
        await PutAsync(half, Events(8));
        Assert.Equal([8, 4, 2, 1], half.Requests);

        await using var malformed = await BusDouble.StartAsync(Secret, Trouble.Malformed);
        Assert.Contains("MalformedDetail", (await Assert.ThrowsAsync<AmazonServiceException>(() => PutAsync(malformed, Events(2)))).Message, StringComparison.Ordinal);

        await using var mute = await BusDouble.StartAsync(Secret, Trouble.Mute);
        await Assert.ThrowsAsync<InvalidDataException>(() => PutAsync(mute, Events(2)));
    }

    [Fact]
    public async Task PutAsync_WrongSecret_IsRefused()
    {
        await using var bus = await BusDouble.StartAsync(Secret);
        await using var services = bus.Services("another");
        var refused = await Assert.ThrowsAsync<AmazonServiceException>(() => services.GetRequiredService<EventBus>().PutAsync(Events(1), TestContext.Current.CancellationToken));
        Assert.Equal("InvalidSignatureException", refused.ErrorCode);
        Assert.Empty(bus.Put);
    }

    private static async Task PutAsync(BusDouble bus, IEnumerable<BusEvent> events)
    {
        await using var services = bus.Services(Secret);
        await services.GetRequiredService<EventBus>().PutAsync(events, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<BusEvent> Events(int count) => Enumerable.Range(0, count).Select(n => new BusEvent("test", "run.started", At, $$"""{"n":{{n}}}"""));

    private static string DetailOf(JsonObject entry) => (string)entry["Detail"]!;
}
