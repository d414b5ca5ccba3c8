using AgentRuntime.Common;
using static AgentRuntime.Testing.OpenAI.Answers;

namespace AgentRuntime.Silo.Tests.Models.OpenAI;

/// <summary>What goes wrong between an endpoint and its client, and what the run is told of it.</summary>
public sealed class EndpointFailureTests
{
    [Fact]
    public async Task Stream_ThatAsksForToolsAndNamesNone_IsNoAnswer()
    {
        await using var bench = await EndpointBench.StartAsync(Stream(Finish("tool_calls"), Usage(5, 3), Done));
        var failure = await FailureAsync(bench);
        Assert.True(failure.IsTransient);
        Assert.Contains("named none", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_ThatMayBeTheKey_IsNotRepeated()
    {
        await using var bench = await EndpointBench.StartAsync(Status(401, "sk-4711abc"));
        Assert.DoesNotContain("4711", (await FailureAsync(bench)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_ThatIsMissing_IsNamedAndNothingIsSent()
    {
        await using var bench = await EndpointBench.StartAsync(options => options.ApiKeyVariable = "AGENTRT_TEST_NO_SUCH_KEY", Text("ok"));
        var failure = await FailureAsync(bench);
        Assert.False(failure.IsTransient);
        Assert.Contains("AGENTRT_TEST_NO_SUCH_KEY", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Requests);
    }

    [Theory]
    [InlineData("retry-after", "7", 7_000, 7_000)]
    [InlineData("retry-after-ms", "1500", 1_500, 1_500)]
    [InlineData("retry-after", "tomorrow", null, null)]
    public async Task Status429_IsTransientAndSaysHowLongToWait(string header, string value, int? fromMs, int? toMs)
    {
        await using var bench = await EndpointBench.StartAsync(Status(429, "rate_limit_exceeded", (header, value)));
        var failure = await FailureAsync(bench);
        Assert.True(failure.IsTransient);
        Assert.Equal(ErrorCode.Unavailable, failure.Code);
        Assert.Contains("rate_limit_exceeded", failure.Message, StringComparison.Ordinal);
        if (fromMs is null) Assert.Null(failure.RetryAfter);
        else Assert.InRange(failure.RetryAfter!.Value.TotalMilliseconds, fromMs.Value, toMs!.Value);
        Assert.Single(bench.Requests);
    }

    [Fact]
    public async Task Status503_WithADate_IsTransientUntilThen()
    {
        var at = TimeProvider.System.GetUtcNow().AddSeconds(90).ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        await using var bench = await EndpointBench.StartAsync(Status(503, null, ("retry-after", at)));
        Assert.InRange((await FailureAsync(bench)).RetryAfter!.Value.TotalSeconds, 60, 90);
    }

    [Theory]
    [InlineData(400, "context_length_exceeded", ErrorCode.ModelFailed)]
    [InlineData(401, "invalid_api_key", ErrorCode.PermissionDenied)]
    [InlineData(404, "model_not_found", ErrorCode.NotFound)]
    [InlineData(302, "x", ErrorCode.ModelFailed)]
    public async Task Status_ThatWillNotChange_IsPermanentAndQuotesNothing(int status, string vendorCode, ErrorCode code)
    {
        await using var bench = await EndpointBench.StartAsync(Status(status, vendorCode));
        var failure = await FailureAsync(bench);
        Assert.False(failure.IsTransient);
        Assert.Equal(code, failure.Code);
        Assert.Contains(vendorCode, failure.Message, StringComparison.Ordinal);
        Assert.Single(bench.Requests);
    }

    [Fact]
    public async Task Stream_CutInTheMiddle_IsTransient()
    {
        var heard = new TaskCompletionSource<string>();
        await using var bench = await EndpointBench.StartAsync(CutAfter(heard.Task, Piece("It is "), CallStart(0, "a", "look")));
        var failure = await FailureAsync(bench, heard.SetResult);
        Assert.True(failure.IsTransient);
        Assert.Equal(ErrorCode.Unavailable, failure.Code);
        Assert.Equal("It is ", await heard.Task);
        Assert.Single(bench.Requests);
    }

    [Fact]
    public async Task Stream_ThatEndsWithoutAReason_IsNoAnswer()
    {
        await using var bench = await EndpointBench.StartAsync(Stream(Piece("It is ")));
        var failure = await FailureAsync(bench);
        Assert.True(failure.IsTransient);
        Assert.Contains("before the answer was complete", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\": nonsense")]
    [InlineData("[1, 2]")]
    [InlineData("{\"choices\": 7}")]
    public async Task Stream_OfMalformedJson_IsAFailureThatNamesTheModel(string data)
    {
        await using var bench = await EndpointBench.StartAsync(Stream(Piece("It is "), data, Finish("stop"), Done));
        var failure = await FailureAsync(bench);
        Assert.Equal(ErrorCode.ModelFailed, failure.Code);
    }

    [Fact]
    public async Task Cancel_BeforeTheFirstByte_EndsTheCallAndTheConnection()
    {
        var (asked, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var bench = await EndpointBench.StartAsync(Silence(asked, gone));
        using var stop = new CancellationTokenSource();
        var call = bench.AskUntilAsync(null, stop.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Silence_LongerThanTheNetworkTimeout_IsATimeoutThatNamesTheOption()
    {
        await using var bench = await EndpointBench.StartAsync(options => options.NetworkTimeoutSeconds = 1, Silence(new(), new()));
        var failure = await FailureAsync(bench);
        Assert.True(failure.IsTransient);
        Assert.Equal(ErrorCode.Timeout, failure.Code);
        Assert.Contains("NetworkTimeoutSeconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_AfterTheFirstPiece_IsATimeoutToo()
    {
        var gone = new TaskCompletionSource();
        await using var bench = await EndpointBench.StartAsync(options => options.NetworkTimeoutSeconds = 1, async context =>
        {
            await Stream(Piece("It is "))(context);
            await Silence(new(), gone)(context);
        });
        Assert.Equal(ErrorCode.Timeout, (await FailureAsync(bench)).Code);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Answer_WithoutEnd_IsGivenUpAtItsLimit()
    {
        var sent = 0L;
        await using var bench = await EndpointBench.StartAsync(options => options.MaxResponseBytes = 64 * 1024, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            while (!context.RequestAborted.IsCancellationRequested && sent < 1_000_000_000)
            {
                await SendAsync(context, Piece(new string('x', 1_000)));
                sent += 1_000;
            }
        });
        var failure = await FailureAsync(bench);
        Assert.False(failure.IsTransient);
        Assert.Equal(ErrorCode.LimitExceeded, failure.Code);
        Assert.Contains("MaxResponseBytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_ThatIsNotThere_IsTransientAndNamed()
    {
        string endpoint;
        await using (var server = await ProtocolServer.StartAsync()) endpoint = server.Endpoint;
        await using var bench = await EndpointBench.StartAsync(options => options.Endpoint = endpoint);
        var failure = await FailureAsync(bench);
        Assert.True(failure.IsTransient);
        Assert.Contains(endpoint, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<AgentRuntimeException> FailureAsync(EndpointBench bench, Action<string>? onText = null)
    {
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => bench.AskAsync(onText));
        Assert.StartsWith($"model {EndpointBench.Model}: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
