extern alias client;

using client::AgentRuntime.Client;
using Grpc.Core;

namespace AgentRuntime.EndToEnd.Tests.Client;

public sealed class ReconnectsTests
{
    private readonly SkippingTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MoveNext_WhileNobodyAnswers_PausesLongerEachTimeAndGivesUpInTheEnd()
    {
        var reconnects = new Reconnects(8, _time);
        for (var i = 0; i < 8; i++) Assert.Null(await reconnects.MoveNextAsync(new Broken(new Status(StatusCode.Unavailable, "")), Stop));
        await Assert.ThrowsAsync<RpcException>(() => reconnects.MoveNextAsync(new Broken(new Status(StatusCode.Unavailable, "")), Stop));

        Assert.Equal(8, _time.Waits.Count);
        for (var i = 0; i < 8; i++)
        {
            var longest = TimeSpan.FromMilliseconds(Math.Min(100 << i, 2_000));
            Assert.InRange(_time.Waits[i], longest / 2, longest);
        }
    }

    [Fact]
    public async Task MoveNext_OnceSomethingArrived_PausesAsAtFirst()
    {
        var reconnects = new Reconnects(2, _time);
        for (var i = 0; i < 2; i++) await reconnects.MoveNextAsync(new Broken(new Status(StatusCode.Unavailable, "")), Stop);
        Assert.True(await reconnects.MoveNextAsync(new Arriving(), Stop));
        Assert.Null(await reconnects.MoveNextAsync(new Broken(new Status(StatusCode.Unavailable, "")), Stop));
        Assert.InRange(_time.Waits[^1], TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task MoveNext_OnAConnectionThatHttpGaveUp_AsksForAnother()
    {
        var lost = new HttpProtocolException(1, "The ping was not answered.", null);
        Assert.Null(await new Reconnects(1, _time).MoveNextAsync(new Broken(new Status(StatusCode.Internal, "", lost)), Stop));
        Assert.Null(await new Reconnects(1, _time).MoveNextAsync(new Broken(new Status(StatusCode.Internal, "", new HttpRequestException("", lost))), Stop));
    }

    [Fact]
    public async Task MoveNext_OnAStreamThatTheServerRefused_Throws()
    {
        var refused = new Broken(new Status(StatusCode.Internal, "", new InvalidOperationException()));
        await Assert.ThrowsAsync<RpcException>(() => new Reconnects(1, _time).MoveNextAsync(refused, Stop));
    }

    private sealed class Broken(Status status) : IAsyncStreamReader<string>
    {
        public string Current => "";

        public Task<bool> MoveNext(CancellationToken cancellationToken) => throw new RpcException(status);
    }

    private sealed class Arriving : IAsyncStreamReader<string>
    {
        public string Current => "";

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
