extern alias client;

using System.Diagnostics;
using client::AgentRuntime.Client.Calls;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using AgentRuntimeError = client::AgentRuntime.Client.AgentRuntimeError;
using Status = Grpc.Core.Status;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Client.Calls;

/// <summary>What a call does when it is not answered. Nothing listens; the answers are scripted.</summary>
public sealed class CallInterceptorTests
{
    private static readonly Method<Wire.GetRunRequest, Wire.Run> GetRun = new(
        MethodType.Unary, "agentruntime.v1.Runs", "GetRun", Marshallers.Create<Wire.GetRunRequest>(_ => [], _ => new()), Marshallers.Create<Wire.Run>(_ => [], _ => new()));

    private readonly List<CallOptions> _sent = [];
    private readonly Queue<RpcException?> _faults = [];
    private readonly SkippingTime _time = new();

    [Fact]
    public async Task Call_ThatFindsNobodyAtFirst_IsRepeatedUnderOneDeadline()
    {
        _faults.Enqueue(new RpcException(new Status(StatusCode.Unavailable, "")));
        _faults.Enqueue(new RpcException(new Status(StatusCode.Unavailable, "")));
        Assert.Equal("r", (await CallAsync(TimeSpan.FromSeconds(30))).Name);
        Assert.Equal(3, _sent.Count);
        Assert.Single(_sent.Select(sent => sent.Deadline).Distinct());
    }

    [Fact]
    public async Task Call_ThatTheServerAsksToRepeat_IsRepeatedNoSooner()
    {
        _faults.Enqueue(Overloaded(TimeSpan.FromSeconds(20)));
        await CallAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(Assert.Single(_time.Waits), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20.1));
        Assert.Equal(2, _sent.Count);
    }

    [Fact]
    public async Task Call_ThatNobodyAnswersForLong_IsGivenUpWhenPatienceEnds()
    {
        for (var i = 0; i < 100; i++) _faults.Enqueue(new RpcException(new Status(StatusCode.Unavailable, "")));
        await Assert.ThrowsAsync<RpcException>(() => CallAsync(TimeSpan.FromSeconds(10)));
        Assert.InRange(_time.Waits.Aggregate((all, wait) => all + wait), TimeSpan.FromSeconds(8.9), TimeSpan.FromSeconds(10));
        Assert.Equal(_time.Waits.Count + 1, _sent.Count);
    }

    [Theory]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.DeadlineExceeded)]
    public async Task Call_ThatIsRefused_IsNotRepeated(StatusCode refusal)
    {
        _faults.Enqueue(new RpcException(new Status(refusal, "no")));
        Assert.Equal(refusal, (await Assert.ThrowsAsync<RpcException>(() => CallAsync(TimeSpan.FromSeconds(30)))).StatusCode);
        Assert.Single(_sent);
    }

    [Fact]
    public async Task Call_WithoutPatience_IsMadeOnce()
    {
        _faults.Enqueue(new RpcException(new Status(StatusCode.Unavailable, "")));
        await Assert.ThrowsAsync<RpcException>(() => CallAsync(TimeSpan.Zero));
        Assert.Single(_sent);
    }

    [Fact]
    public async Task Call_CancelledBetweenAttempts_IsCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        _faults.Enqueue(Overloaded(TimeSpan.FromSeconds(20)));
        var call = CallAsync(TimeSpan.FromSeconds(30), cancelled.Token, TimeProvider.System);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Call_WithinASpan_CarriesItsOwnSpanOfThatTrace()
    {
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AgentRuntimeClient.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var parent = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        _faults.Enqueue(new RpcException(new Status(StatusCode.NotFound, "no")));
        await Assert.ThrowsAsync<RpcException>(() => CallAsync(TimeSpan.Zero));

        var span = Assert.Single(spans, span => span.ParentSpanId == parent.SpanId);
        Assert.Equal(("agentruntime.v1.Runs/GetRun", ActivityKind.Client, ActivityStatusCode.Error), (span.OperationName, span.Kind, span.Status));
        Assert.Equal(span.Id, _sent.Single().Headers!.GetValue("traceparent"));
        Assert.Same(parent, Activity.Current);
    }

    [Fact]
    public void Error_OfARefusal_HasAllThatTheServerSaid()
    {
        var error = AgentRuntimeError.Of(Overloaded(TimeSpan.FromSeconds(2)));
        Assert.Equal((StatusCode.ResourceExhausted, "LIMIT_EXCEEDED", "too much", "t1", TimeSpan.FromSeconds(2)), (error.Status, error.Reason, error.Message, error.TraceId, error.RetryAfter));
        Assert.Equal("is wrong", error.Fields["input"]);
        Assert.Equal(("", null), (AgentRuntimeError.Of(new RpcException(new Status(StatusCode.Unavailable, "x"))).Reason, AgentRuntimeError.Of(new RpcException(new Status(StatusCode.Unavailable, "x"))).RetryAfter));
    }

    private async Task<Wire.Run> CallAsync(TimeSpan patience, CancellationToken? cancellation = null, TimeProvider? time = null)
    {
        var context = new ClientInterceptorContext<Wire.GetRunRequest, Wire.Run>(GetRun, null, new CallOptions(cancellationToken: cancellation ?? TestContext.Current.CancellationToken));
        return await new CallInterceptor(new CallLimits(TimeSpan.FromMinutes(1), patience), time ?? _time).AsyncUnaryCall(new Wire.GetRunRequest(), context, (_, sent) =>
        {
            _sent.Add(sent.Options);
            var answer = _faults.TryDequeue(out var fault) && fault is not null ? Task.FromException<Wire.Run>(fault) : Task.FromResult(new Wire.Run { Name = "r" });
            return new AsyncUnaryCall<Wire.Run>(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        });
    }

    private static RpcException Overloaded(TimeSpan delay)
    {
        var status = new Google.Rpc.Status { Code = (int)Code.ResourceExhausted, Message = "too much" };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = "LIMIT_EXCEEDED", Metadata = { ["trace_id"] = "t1" } }));
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "input", Description = "is wrong" } } }));
        return status.ToRpcException();
    }
}
