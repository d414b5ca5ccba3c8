using AgentRuntime.Common;
using Microsoft.Extensions.AI;
using static AgentRuntime.Silo.Tests.Models.OpenAI.Answers;

namespace AgentRuntime.Silo.Tests.Models.OpenAI;

public sealed class EndpointClientTests
{
    [Fact]
    public async Task Stream_OfText_IsHeardPieceByPieceAndCounted()
    {
        await using var bench = await EndpointBench.StartAsync(Text("It is ", "over ", "there."));
        var heard = new List<string>();
        var reply = await bench.AskAsync(heard.Add);
        Assert.Equal("It is over there.", reply.Text);
        Assert.Equal(["It is ", "over ", "there."], heard);
        Assert.Equal((11, 3), (reply.InputTokens, reply.OutputTokens));
        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
    }

    [Fact]
    public async Task Stream_OfASplitCall_IsOneCallWithItsArguments()
    {
        await using var bench = await EndpointBench.StartAsync(Call("call_1", "look", """{"where":"in the \"hall\"","deep":{"n":[1,2.5]}}"""));
        var reply = await bench.AskAsync();
        var call = Assert.Single(reply.Calls);
        Assert.Equal(("call_1", "look"), (call.CallId, call.Name));
        Assert.Equal("in the \"hall\"", call.Arguments!["where"]!.ToString());
        Assert.Equal("""{"n":[1,2.5]}""", call.Arguments["deep"]!.ToString());
        Assert.Equal((20, 7), (reply.InputTokens, reply.OutputTokens));
    }

    [Fact]
    public async Task Stream_OfParallelCallsInterleaved_KeepsThemApart()
    {
        await using var bench = await EndpointBench.StartAsync(Stream(
            Piece("Both."), CallStart(0, "a", "look"), CallStart(1, "b", "look"), CallPart(0, "{\"n\":"), CallPart(1, "{\"n\""), CallPart(1, ":2}"), CallPart(0, "1}"),
            Finish("tool_calls"), Done));
        var reply = await bench.AskAsync();
        Assert.Equal("Both.", reply.Text);
        Assert.Equal(["a 1", "b 2"], reply.Calls.Select(call => $"{call.CallId} {call.Arguments!["n"]}"));
    }

    [Fact]
    public async Task Stream_WithArgumentsThatAreNoJson_IsACallThatSaysSo()
    {
        await using var bench = await EndpointBench.StartAsync(Call("a", "look", """{"n": 1"""));
        Assert.NotNull(Assert.Single((await bench.AskAsync()).Calls).Exception);
    }

    [Fact]
    public async Task Stream_OfARefusal_IsWhatTheModelSays()
    {
        await using var bench = await EndpointBench.StartAsync(Stream(Refusal("I will "), Refusal("not."), Finish("stop"), Usage(5, 3), Done));
        Assert.Equal("I will not.", (await bench.AskAsync()).Text);
    }

    [Fact]
    public async Task Stream_WithoutUsage_IsCountedHere()
    {
        await using var bench = await EndpointBench.StartAsync(Stream(Piece("one two three four"), Finish("stop"), Done));
        var reply = await bench.AskAsync();
        Assert.Equal(4, reply.OutputTokens);
        Assert.InRange(reply.InputTokens, 10, 20);
    }

    [Fact]
    public async Task Stream_WithRunningUsage_CountsWhatWasSaidLast()
    {
        await using var bench = await EndpointBench.StartAsync(Stream(Piece("It "), Usage(11, 1), Piece("is."), Usage(11, 2), Finish("stop"), Usage(11, 3), Done));
        var reply = await bench.AskAsync();
        Assert.Equal((11, 3), (reply.InputTokens, reply.OutputTokens));
    }

    [Fact]
    public async Task Stream_WithNegativeUsage_BuysNothing()
    {
        await using var bench = await EndpointBench.StartAsync(Stream(Piece("It is."), Finish("stop"), Usage(-1_000_000, 3), Done));
        var reply = await bench.AskAsync();
        Assert.Equal((0, 3), (reply.InputTokens, reply.OutputTokens));
    }

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

    [Theory]
    [InlineData("http://127.0.0.1:11434/v1", false)]
    [InlineData("https://models.example/v1", true)]
    public void Proxy_IsUsedForTunnelsOnly(string endpoint, bool isUsed)
    {
        using var handler = new AgentRuntime.Models.OpenAI.EndpointHandler(new AgentRuntime.Models.OpenAI.ApiKey("any", new()), new Uri(endpoint), 1_024);
        Assert.Equal(isUsed, Assert.IsType<SocketsHttpHandler>(handler.InnerHandler).UseProxy);
    }

    [Fact]
    public async Task Request_NamesModelToolsLimitAndAsksForUsage()
    {
        await using var bench = await EndpointBench.StartAsync(options => (options.MaxOutputTokens, options.Organization) = (77, "org-1"), Text("ok"));
        await bench.AskAsync();
        var request = Assert.Single(bench.Requests);
        Assert.Equal("org-1", request.Organization);
        Assert.Null(request.Authorization);
        Assert.Equal("tiny", request.Body.GetProperty("model").GetString());
        Assert.Equal("look", request.Body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal(77, request.Body.GetProperty("max_completion_tokens").GetInt32());
        Assert.True(request.Body.GetProperty("stream").GetBoolean());
        Assert.True(request.Body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact]
    public async Task Request_OfAToolWithARichSchema_CarriesAllOfIt()
    {
        const string schema = """
            {"type":"object","$defs":{"place":{"type":"string","enum":["hall","cellar"]}},"properties":{"where":{"$ref":"#/$defs/place"},"n":{"type":["integer","null"],"minimum":1}},
             "required":["where"],"anyOf":[{"required":["n"]},{"required":["where"]}],"additionalProperties":false}
            """;
        await using var bench = await EndpointBench.StartAsync(Text("ok"));
        var tool = AIFunctionFactory.CreateDeclaration("look", "Looks.", System.Text.Json.JsonElement.Parse(schema));
        await bench.Client.GetResponseAsync("Where?", new ChatOptions { Tools = [tool] }, TestContext.Current.CancellationToken);
        var sent = Assert.Single(bench.Requests).Body.GetProperty("tools")[0].GetProperty("function");
        Assert.True(System.Text.Json.JsonElement.DeepEquals(System.Text.Json.JsonElement.Parse(schema), sent.GetProperty("parameters")), sent.GetRawText());
        Assert.False(sent.TryGetProperty("strict", out var strict) && strict.GetBoolean());
    }

    [Fact]
    public async Task Key_InAFile_IsReadAnewForEachCall()
    {
        using var folder = new Testing.ScratchFolder();
        var path = Path.Combine(Directory.CreateDirectory(folder.Path).FullName, "key");
        await File.WriteAllTextAsync(path, "first\n", TestContext.Current.CancellationToken);
        await using var bench = await EndpointBench.StartAsync(options => options.ApiKeyFile = path, Text("ok"), Text("ok"));
        await bench.AskAsync();
        await File.WriteAllTextAsync(path, "second", TestContext.Current.CancellationToken);
        await bench.AskAsync();
        Assert.Equal(["Bearer first", "Bearer second"], bench.Requests.Select(request => request.Authorization));
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

    [Fact]
    public async Task GetResponse_GivesTheSameAnswerAtOnce()
    {
        await using var bench = await EndpointBench.StartAsync(Text("It is ", "there."));
        var response = await bench.Client.GetResponseAsync("Where?", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("It is there.", response.Text);
    }

    private static async Task<AgentRuntimeException> FailureAsync(EndpointBench bench, Action<string>? onText = null)
    {
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => bench.AskAsync(onText));
        Assert.StartsWith($"model {EndpointBench.Model}: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
