using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Admission;
using AgentRuntime.FrontDoor.Errors;
using AgentRuntime.FrontDoor.Identity;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor;

/// <summary>What stands before the API may be forgotten when a host is put together; then nobody is let in.</summary>
public sealed class FrontDoorInterceptorTests
{
    private const string Method = "/agentruntime.v1.Runs/GetRun";

    private readonly FakeTimeProvider _time = new();
    private readonly FrontDoorInterceptor _interceptor;
    private readonly Call _call = new(Method);
    private bool _reached;

    public FrontDoorInterceptorTests() => _interceptor = new FrontDoorInterceptor(new CallFaults(NullLogger<CallFaults>.Instance), Options.Create(new FrontDoorOptions()), _time);

    [Fact]
    public async Task Call_ThatWasAdmitted_ReachesItsMethod()
    {
        _call.Http.Features.Set(new Admitted(Method, null));
        await SendAsync();
        Assert.True(_reached);
    }

    [Fact]
    public async Task Call_ThatWasNotAdmitted_IsUnauthenticated() => await RefusesAsync();

    [Fact]
    public async Task Call_ThatWasAdmittedToAnotherMethod_IsUnauthenticated()
    {
        _call.Http.Features.Set(new Admitted("/agentruntime.v1.Runs/ListRuns", null));
        await RefusesAsync();
    }

    [Fact]
    public async Task Call_WithACallerButNotAdmitted_IsUnauthenticated()
    {
        _call.Http.Features.Set(new Caller(new Common.Principal("urn:test", "anna", "anna", null, [], DateTimeOffset.UnixEpoch), DateTimeOffset.MaxValue));
        await RefusesAsync();
    }

    [Theory]
    [InlineData(0, 60, StatusCode.Cancelled)]
    [InlineData(11, 60, StatusCode.DeadlineExceeded)]
    [InlineData(2, 1, StatusCode.DeadlineExceeded)]
    public async Task Call_ThatIsStopped_SaysWhetherItsTimeWasOverOrItsCallerWasGone(int passedSeconds, int deadlineSeconds, StatusCode expected)
    {
        using var leave = new CancellationTokenSource();
        _call.Http.Features.Set(new Admitted(Method, null));
        _call.Http.RequestAborted = leave.Token;
        _call.Until = _time.GetUtcNow().UtcDateTime.AddSeconds(deadlineSeconds);
        using var limit = CallLimit.Begin(_call.Http, TimeSpan.FromSeconds(10), _time);
        var stopped = _call.Http.RequestAborted;
        var calling = _interceptor.UnaryServerHandler<object, object>(new object(), _call, async (_, _) =>
        {
            await Task.Delay(Timeout.Infinite, stopped);
            return new object();
        });

        _time.Advance(TimeSpan.FromSeconds(passedSeconds));
        if (passedSeconds < 10) await leave.CancelAsync();

        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => calling)).StatusCode);
        Assert.Equal(leave.Token, _call.Http.RequestAborted);
    }

    private async Task RefusesAsync()
    {
        var fault = await Assert.ThrowsAsync<RpcException>(SendAsync);
        Assert.Equal(StatusCode.Unauthenticated, fault.StatusCode);
        fault = await Assert.ThrowsAsync<RpcException>(() => _interceptor.ServerStreamingServerHandler<object, object>(new object(), null!, _call, (_, _, _) => ReachAsync()));
        Assert.Equal(StatusCode.Unauthenticated, fault.StatusCode);
        fault = await Assert.ThrowsAsync<RpcException>(() => _interceptor.DuplexStreamingServerHandler<object, object>(null!, null!, _call, (_, _, _) => ReachAsync()));
        Assert.Equal(StatusCode.Unauthenticated, fault.StatusCode);
        Assert.False(_reached);
    }

    private Task<object> SendAsync() => _interceptor.UnaryServerHandler(new object(), _call, (_, _) => ReachAsync());

    private Task<object> ReachAsync()
    {
        _reached = true;
        return Task.FromResult(new object());
    }

    private sealed class Call : ServerCallContext
    {
        public Call(string method)
        {
            MethodCore = method;

            // Where GetHttpContext looks for what is no call of a server.
            UserState["__HttpContext"] = Http;
        }

        public DefaultHttpContext Http { get; } = new();

        public DateTime Until { get; set; } = DateTime.MaxValue;

        protected override string MethodCore { get; }

        protected override string HostCore => "localhost";

        protected override string PeerCore => "ipv4:127.0.0.1";

        protected override DateTime DeadlineCore => Until;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new(null, []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
