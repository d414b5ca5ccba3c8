using System.Diagnostics;
using System.Net;
using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Http;
using AgentRuntime.Tools.Http.Egress;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Grains.Tests.Tools.Http;

public sealed class HttpToolInvokerTests : HttpToolCalls
{
    [Fact]
    public async Task Invoke_Post_SendsUrlBodyKeyAndHeaders()
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("""{"ok":true}"""));

        var outcome = await CallAsync(server, "POST", "/orders/{order}/refunds", """{"order":"a/b ?","cents":5,"note":"ü"}""", new() { ["X-Team"] = "refunds" });

        Assert.Equal(new ToolOutcome.Succeeded("""{"ok":true}""", true), outcome);
        Assert.True(server.Requests.TryDequeue(out var request));
        Assert.StartsWith("POST /orders/a%2Fb%20%3F/refunds HTTP/1.1\r\n", request);
        Assert.Contains("\r\nIdempotency-Key: acme/r1/1/0\r\n", request);
        Assert.Contains("\r\nX-Team: refunds\r\n", request);
        Assert.Contains("\r\nContent-Type: application/json\r\n", request);
        Assert.DoesNotContain("traceparent", request);
        Assert.Equal("""{"cents":5,"note":"ü"}""", ToolSamples.Json(request[request.IndexOf('{', StringComparison.Ordinal)..]).GetRawText().Replace("\\u00FC", "ü"));
    }

    [Fact]
    public async Task Invoke_InATrace_TellsTheToolItsSpanAndNothingElseOfIt()
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("{}"));
        Trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, "vendor=canary");
        using var open = new Activity("open").AddBaggage("prompt", "canary").Start();

        await CallAsync(server, "POST", "/orders", "{\"order\":\"o-1\"}");

        Assert.True(server.Requests.TryDequeue(out var request));
        Assert.Contains($"\r\ntraceparent: 00-{Trace.TraceId}-{Trace.SpanId}-01\r\n", request);
        Assert.DoesNotContain("canary", request);
    }

    [Fact]
    public async Task Invoke_Get_RestOfArgumentsIsTheQuery()
    {
        await using var server = new LoopbackServer(LoopbackServer.Text("plain", "text/plain"));

        var outcome = await CallAsync(server, "GET", "/search?v=1", """{"q":"a&b=c","tags":["x","y"],"n":1.50,"none":null}""");

        Assert.Equal(new ToolOutcome.Succeeded("plain", false), outcome);
        Assert.True(server.Requests.TryDequeue(out var request));
        Assert.StartsWith("GET /search?v=1&q=a%26b%3Dc&tags=x&tags=y&n=1.50 HTTP/1.1\r\n", request);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public async Task Invoke_ArgumentThatClimbsThePath_IsNotSent(string order)
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("{}"));

        var failed = Failed(await CallAsync(server, "GET", "/orders/{order}/x", $$"""{"order":"{{order}}"}"""));

        Assert.Equal((ErrorCode.InvalidArgument, false), (failed.Code, failed.Sent));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Invoke_Secret_IsSentAndNeverTold()
    {
        Directory.CreateDirectory(Path.Combine(SecretsFolder, "acme"));
        await File.WriteAllTextAsync(Path.Combine(SecretsFolder, "acme", "key"), "Bearer hunter2\n", TestContext.Current.CancellationToken);
        await using var server = new LoopbackServer(LoopbackServer.Json("""{"you":"Bearer hunter2"}"""));

        var outcome = await CallAsync(server, "GET", "/", "{}", new() { ["Authorization"] = "secret:key" });

        Assert.True(server.Requests.TryDequeue(out var request));
        Assert.Contains("\r\nAuthorization: Bearer hunter2\r\n", request);
        Assert.Equal(new ToolOutcome.Succeeded("""{"you":"[secret]"}""", true), outcome);
    }

    [Fact]
    public async Task Invoke_SecretMissing_IsNotSent()
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("{}"));

        var failed = Failed(await CallAsync(server, "GET", "/", "{}", new() { ["Authorization"] = "secret:absent" }));

        Assert.Equal((ErrorCode.FailedPrecondition, false, false), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(EffectClass.Idempotent, 1)]
    [InlineData(EffectClass.AtMostOnce, 3)]
    public async Task Invoke_AtMostOnce_NeverUsesAConnectionTwice(EffectClass effect, int connections)
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("{}"));
        using var transport = new HttpTransport(new EgressGuard(
            Options.Create(new EgressOptions { AllowPrivateHosts = { "shop.test" } }), (_, _) => Task.FromResult(new[] { IPAddress.Loopback })));
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, $"http://shop.test:{server.Port}/");
            using var response = await transport.SendAsync(request, effect, TestContext.Current.CancellationToken);
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(connections, server.Connections);
    }

    [Fact]
    public async Task Invoke_NeverAnswers_StopsWhenTold()
    {
        var asked = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (_, _) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
        });
        using var cancel = new CancellationTokenSource();
        var call = CallAsync(server, "GET", "/", "{}", cancellation: cancel.Token);

        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        var failed = Failed(await call.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));

        Assert.Equal((ErrorCode.Timeout, true), (failed.Code, failed.Sent));
    }

    [Fact]
    public async Task Invoke_NobodyListens_IsTransientAndUnsent()
    {
        var server = new LoopbackServer("");
        await server.DisposeAsync();

        var failed = Failed(await CallAsync("shop.test", 9, "GET", "/", "{}"));

        Assert.Equal((ErrorCode.Unavailable, true, false), (failed.Code, failed.IsTransient, failed.Sent));
    }

    [Fact]
    public async Task Invoke_HangsUpAfterTheRequest_MayHaveBeenSent()
    {
        await using var server = new LoopbackServer((_, stream) =>
        {
            stream.Close();
            return Task.CompletedTask;
        });

        var failed = Failed(await CallAsync(server, "POST", "/", "{}"));

        Assert.Equal((true, true), (failed.IsTransient, failed.Sent));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Invoke_AfterDeadline_IsNotSent()
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("{}"));

        var failed = Failed(await CallAsync(server, "GET", "/", "{}", deadline: ToolSamples.Now));

        Assert.Equal((ErrorCode.Timeout, false), (failed.Code, failed.Sent));
        Assert.Empty(server.Requests);
    }
}
