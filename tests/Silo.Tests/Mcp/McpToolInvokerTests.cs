using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Mcp;

public sealed class McpToolInvokerTests : IAsyncDisposable
{
    private readonly OwnServer _server = new(
        OwnServer.Tool("say"), OwnServer.Tool("big"), OwnServer.Tool("fail"), OwnServer.Tool("refuse"), OwnServer.Tool("answer"), OwnServer.Tool("die"), OwnServer.Tool("wait"),
        OwnServer.Tool("halve"));

    private readonly ListLogger _log = new();
    private readonly McpBench _bench;

    public McpToolInvokerTests()
    {
        var options = _server.Options();
        options.MaxResponseBytes = 64 * 1_024;
        _bench = new McpBench(options, log: _log);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Invoke_Tool_SendsNameAndArgumentsVerbatimAndTheKeyInMeta()
    {
        var outcome = await _bench.CallAsync(await _bench.ToolAsync("say"), new { text = "h\u00e9 \"<\u2028", deep = new { n = 1.50m } });

        Assert.Equal(new ToolOutcome.Succeeded("h\u00e9 \"<\u2028", IsJson: false), outcome);
        var call = await _server.LoggedAsync("called");
        Assert.Equal("say", call.GetProperty("called").GetString());
        Assert.Equal("1.50", call.GetProperty("arguments").GetProperty("deep").GetProperty("n").GetRawText().PadRight(4, '0'));
        Assert.Equal("acme/run/1/1", call.GetProperty("meta").GetProperty("agentruntime/idempotency-key").GetString());
        Assert.False(call.GetProperty("meta").TryGetProperty("traceparent", out _));
    }

    [Fact]
    public async Task Invoke_RunWithATrace_SendsATraceparentOfIt()
    {
        var tool = await _bench.ToolAsync("say");
        var trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        var invocation = new ToolInvocation(McpBench.Acme, "acme/run/1/0", 2, tool, JsonElement.Parse("""{"text":"x"}"""), DateTimeOffset.MaxValue) { Trace = trace };

        await _bench.Invoker.InvokeAsync(invocation, CancellationToken.None);

        var parent = (await _server.LoggedAsync("called")).GetProperty("meta").GetProperty("traceparent").GetString();
        Assert.Equal($"00-{trace.TraceId}-{trace.SpanId}-01", parent);
    }

    [Fact]
    public async Task Invoke_ToolThatFails_SaysItsMessage()
    {
        var failed = Assert.IsType<ToolOutcome.Failed>(await _bench.CallAsync(await _bench.ToolAsync("fail"), new { text = "no such order" }));
        Assert.Equal((ErrorCode.ToolFailed, false, true), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains("no such order", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-32602, ErrorCode.ToolFailed, false)]
    [InlineData(-32601, ErrorCode.ToolFailed, false)]
    [InlineData(-32603, ErrorCode.Unavailable, true)]
    [InlineData(-32000, ErrorCode.Unavailable, true)]
    public async Task Invoke_ServerError_IsTransientWhereTheServerIsAtFault(int code, ErrorCode expected, bool isTransient)
    {
        var failed = Assert.IsType<ToolOutcome.Failed>(await _bench.CallAsync(await _bench.ToolAsync("refuse"), new { code }));
        Assert.Equal((expected, isTransient, true), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains($"{code}", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', failed.Message);
    }

    [Fact]
    public async Task Invoke_AnswerBeyondTheBound_FailsAndTheNextCallWorks()
    {
        var big = await _bench.ToolAsync("big");
        var failed = Assert.IsType<ToolOutcome.Failed>(await _bench.CallAsync(big, new { bytes = 100_000 }));
        Assert.Equal((ErrorCode.ToolFailed, true), (failed.Code, failed.Sent));
        Assert.Contains("65536", failed.Message, StringComparison.Ordinal);
        Assert.IsType<ToolOutcome.Succeeded>(await _bench.CallAsync(big, new { bytes = 60_000 }));
    }

    [Fact]
    public async Task Invoke_ServerThatDiesInTheCall_IsTransientAndMayHaveHappened()
    {
        var failed = Assert.IsType<ToolOutcome.Failed>(await _bench.CallAsync(await _bench.ToolAsync("die"), new { }));
        Assert.Equal((ErrorCode.Unavailable, true, true), (failed.Code, failed.IsTransient, failed.Sent));
    }

    [Fact]
    public async Task Invoke_Cancelled_TellsTheServer()
    {
        var wait = await _bench.ToolAsync("wait");
        using var stop = new CancellationTokenSource();
        var call = _bench.BeginAsync(wait, new { }, McpBench.Acme, stop.Token);
        await _server.LoggedAsync("called");

        await stop.CancelAsync();

        var failed = Assert.IsType<ToolOutcome.Failed>(await call);
        Assert.Equal((ErrorCode.Cancelled, true), (failed.Code, failed.Sent));
        Assert.True((await _server.LoggedAsync("cancelled")).GetProperty("cancelled").GetBoolean());
    }

    [Fact]
    public async Task Invoke_Silence_TimesOutWhateverProgressSays()
    {
        var failed = Assert.IsType<ToolOutcome.Failed>(await _bench.CallAsync(await _bench.ToolAsync("wait", timeoutMs: 300), new { }));
        Assert.Equal((ErrorCode.Timeout, true, true), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains("MCP server own of acme: call acme/run/1/1#1 is at 1 of 2.", _log.Lines);
        Assert.True((await _server.LoggedAsync("cancelled")).GetProperty("cancelled").GetBoolean());
    }

    [Fact]
    public async Task Invoke_AfterTheDeadline_SendsNothing()
    {
        var tool = await _bench.ToolAsync("say");
        var late = new ToolInvocation(McpBench.Acme, "acme/run/1/0", 1, tool, JsonElement.Parse("{}"), DateTimeOffset.UnixEpoch);

        var failed = Assert.IsType<ToolOutcome.Failed>(await _bench.Invoker.InvokeAsync(late, CancellationToken.None));

        Assert.Equal((ErrorCode.Timeout, false), (failed.Code, failed.Sent));
        Assert.DoesNotContain(_server.Log(), entry => entry.TryGetProperty("called", out _));
    }

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""", """{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""", true)]
    [InlineData("""{"content":[{"type":"image","data":"AAEC","mimeType":"image/png"}]}""", """{"content":[{"type":"image","data":"AAEC","mimeType":"image/png"}]}""", true)]
    [InlineData("""{"content":[{"type":"text","text":"{}"}],"structuredContent":{"n":1}}""", """{"n":1}""", true)]
    [InlineData("""{"content":[{"type":"image","data":"","mimeType":"x"}],"structuredContent":[1]}""", """{"content":[{"type":"image","data":"","mimeType":"x"}],"structuredContent":[1]}""", true)]
    [InlineData("""{"content":[]}""", "", false)]
    [InlineData("""{"structuredContent":{"n":"é"}}""", """{"n":"é"}""", true)]
    public async Task Invoke_Content_BecomesTheResult(string answer, string expected, bool isJson)
    {
        var outcome = await _bench.CallAsync(await _bench.ToolAsync("answer"), new { result = JsonNode.Parse(answer) });
        Assert.Equal(new ToolOutcome.Succeeded(expected, isJson), outcome);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    public async Task Invoke_NoResult_IsAFailureOfTheTool(string answer)
    {
        var failed = Assert.IsType<ToolOutcome.Failed>(await _bench.CallAsync(await _bench.ToolAsync("answer"), new { result = JsonNode.Parse(answer) }));
        Assert.Equal((ErrorCode.ToolFailed, false), (failed.Code, failed.IsTransient));
    }

    // Node.js writes half of a surrogate pair as the escape that JSON has for it.
    [Fact]
    public async Task Invoke_ResultThatIsNoText_IsAFailureThatSaysSo()
    {
        var failed = Assert.IsType<ToolOutcome.Failed>(await _bench.CallAsync(await _bench.ToolAsync("halve"), new { }));
        Assert.Equal((ErrorCode.ToolFailed, false, true), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains("half of a surrogate pair", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("greeting", failed.Message, StringComparison.Ordinal);
    }
}
