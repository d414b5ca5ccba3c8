using System.Diagnostics.Metrics;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Overload;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Driving;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Status = Google.Rpc.Status;

namespace AgentRuntime.Silo.Tests.FrontDoor.Overload;

public sealed class OverloadProtectionTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DrivenRuns _driven = new();
    private readonly TaskCompletionSource _release = new();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Call_BeyondWhatIsServed_IsRefusedWithAPauseAndServedLater()
    {
        var protection = Protection(new OverloadOptions { ConcurrentCallsPerProcessor = 1, WaitingCallsPerProcessor = 0 });
        var served = new List<Task>();
        HttpContext refused;
        while (true)
        {
            refused = Call("/agentruntime.v1.Runs", "GetRun");
            var call = protection.InvokeAsync(refused, _ => _release.Task);
            if (call.IsCompleted) break;
            served.Add(call);
            Assert.True(served.Count <= Environment.ProcessorCount, "It lets in more than it may.");
        }

        Assert.Equal("8", refused.Response.Headers["grpc-status"].ToString());
        var status = Status.Parser.ParseFrom(Convert.FromBase64String(refused.Response.Headers["grpc-status-details-bin"].ToString()));
        Assert.Equal(Code.ResourceExhausted, (Code)status.Code);
        Assert.InRange(status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(1_500));
        Assert.Equal("LIMIT_EXCEEDED", status.GetDetail<ErrorInfo>()!.Reason);
        Assert.Equal("silo", Assert.Single(status.GetDetail<QuotaFailure>()!.Violations).Subject);

        _release.SetResult();
        await Task.WhenAll(served);
        var again = Call("/agentruntime.v1.Runs", "GetRun");
        await protection.InvokeAsync(again, _ => Task.CompletedTask);
        Assert.Empty(again.Response.Headers["grpc-status"].ToString());
    }

    [Fact]
    public async Task Stream_HasItsPlaceUntilItsAnswerBegins()
    {
        var protection = Protection(new OverloadOptions { ConcurrentCallsPerProcessor = 2, WaitingCallsPerProcessor = 0 });
        var streams = new List<(BeginningResponse Response, Task Call)>();
        while (Open() is { Call.IsCompleted: false } stream) streams.Add(stream);
        Assert.InRange(streams.Count, 1, 2 * Environment.ProcessorCount);

        await streams[0].Response.BeginAsync();

        var next = Open();
        Assert.False(next.Call.IsCompleted, "The stream that had begun still had its place.");
        Assert.True(Open().Call.IsCompleted, "More than one place was free.");

        // A stream that ends gives back the place that it has, and none a second time.
        _release.SetResult();
        await Task.WhenAll([.. streams.Select(each => each.Call), next.Call]);
        var again = new TaskCompletionSource();
        var refilled = 0;
        while (!protection.InvokeAsync(Call("/agentruntime.v1.Runs", "GetRun"), _ => again.Task).IsCompleted) refilled++;
        Assert.Equal(streams.Count, refilled);
        again.SetResult();

        (BeginningResponse Response, Task Call) Open()
        {
            var context = Call("/agentruntime.v1.Runs", "WatchRun", MethodType.ServerStreaming);
            var response = new BeginningResponse();
            context.Features.Set<IHttpResponseFeature>(response);
            return (response, protection.InvokeAsync(context, _ => _release.Task));
        }
    }

    [Fact]
    public async Task Tenant_WithEveryCallUnderANewCredential_LeavesPlacesToOthers()
    {
        var protection = Protection(new OverloadOptions { ConcurrentCallsPerProcessor = 8, WaitingCallsPerProcessor = 0 });
        var acme = new Caller(new Principal("urn:test", "anna", null, TenantId.Parse("acme"), [Roles.Agent], DateTimeOffset.UnixEpoch), DateTimeOffset.MaxValue);
        var (inside, refused, all) = (new List<Task>(), 0, 8 * Environment.ProcessorCount);
        for (var i = 0; i < 2 * all; i++)
        {
            var call = Call("/agentruntime.v1.Runs", "GetRun");
            call.Request.Headers.Authorization = $"Bearer {i}";
            var served = protection.InvokeAsync(call, SettleAsync);
            if (!served.IsCompleted) inside.Add(served);
            else if (served.IsFaulted) refused++;
        }

        Assert.Equal((all - Environment.ProcessorCount, all + Environment.ProcessorCount), (inside.Count, refused));
        _release.SetResult();
        await Task.WhenAll(inside);

        Task SettleAsync(HttpContext http)
        {
            http.Features.Set(acme);
            protection.Settle(http, acme);
            return _release.Task;
        }
    }

    [Fact]
    public async Task Reflection_TakesNoPlace()
    {
        var protection = Protection(new OverloadOptions { ConcurrentCallsPerProcessor = 1, WaitingCallsPerProcessor = 0 });
        var served = new List<HttpContext>();
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
        {
            await protection.InvokeAsync(Call("/agentruntime.v1.Runs", "GetRun"), _ => Task.CompletedTask);
            _ = protection.InvokeAsync(Call("/grpc.reflection.v1.ServerReflection", "ServerReflectionInfo", MethodType.DuplexStreaming), _ => _release.Task);
        }

        await protection.InvokeAsync(Call("/agentruntime.v1.Runs", "GetRun"), Note(served));

        Assert.Single(served);
        _release.SetResult();
    }

    [Fact]
    public async Task Health_UnderOverload_IsAnswered()
    {
        var protection = Protection(new OverloadOptions { ConcurrentCallsPerProcessor = 1, WaitingCallsPerProcessor = 0 });
        for (var i = 0; i < Environment.ProcessorCount + 1; i++) _ = protection.InvokeAsync(Call("/agentruntime.v1.Runs", "GetRun"), _ => _release.Task);
        var asked = new List<HttpContext>();
        var (health, page) = (Call("/grpc.health.v1.Health", "Check"), new DefaultHttpContext());

        foreach (var call in new[] { health, page }) await protection.InvokeAsync(call, Note(asked));

        Assert.Equal([health, page], asked);
        _release.SetResult();
    }

    [Fact]
    public async Task Start_WithTooManyRunsAtWork_IsRefusedWhileOtherCallsAreServed()
    {
        var protection = Protection(new OverloadOptions { MaxDrivenRuns = 1 });
        _driven.Add(new RunKey(TenantId.Parse("acme"), RunId.Parse("r1")));
        var start = Call("/agentruntime.v1.Runs", "StartRun");
        var get = Call("/agentruntime.v1.Runs", "GetRun");
        var served = new List<HttpContext>();

        foreach (var call in new[] { start, get }) await protection.InvokeAsync(call, Note(served));

        Assert.Equal([get], served);
        Assert.Equal("8", start.Response.Headers["grpc-status"].ToString());
    }

    [Fact]
    public async Task Refusal_OverJson_SaysTooManyRequestsAndWhenToComeBack()
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };

        await Refusal.WriteAsync(context.Response, new DoorMethod("/agentruntime.v1.Runs/StartRun", IsJson: true, IsStream: false));

        Assert.Equal((429, "application/json; charset=utf-8"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Matches("^[12]$", context.Response.Headers.RetryAfter.ToString());
        context.Response.Body.Position = 0;
        using var body = await System.Text.Json.JsonDocument.ParseAsync(context.Response.Body, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(8, body.RootElement.GetProperty("code").GetInt32());
    }

    private static RequestDelegate Note(List<HttpContext> served) => context =>
    {
        served.Add(context);
        return Task.CompletedTask;
    };

    private OverloadProtection Protection(OverloadOptions options) => new(
        Options.Create(options), new CallerShares(), new FrontDoorInstruments(_services.GetRequiredService<IMeterFactory>()), _driven, TimeProvider.System);

    private static DefaultHttpContext Call(string service, string method, MethodType type = MethodType.Unary)
    {
        var context = new DefaultHttpContext();
        var described = new Method<string, string>(type, service[1..], method, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new GrpcMethodMetadata(typeof(object), described)), method));
        return context;
    }

    /// <summary>Tells those who asked that the answer begins, as a server does.</summary>
    private sealed class BeginningResponse : HttpResponseFeature
    {
        private readonly List<Func<Task>> _told = [];

        public override void OnStarting(Func<object, Task> callback, object state) => _told.Add(() => callback(state));

        public Task BeginAsync() => Task.WhenAll(_told.Select(tell => tell()));
    }
}
