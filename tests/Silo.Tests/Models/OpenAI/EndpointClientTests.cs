using Microsoft.Extensions.AI;
using static AgentRuntime.Testing.OpenAI.Answers;

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
        using var folder = Testing.ScratchFolder.Make();
        var path = folder.At("key");
        await File.WriteAllTextAsync(path, "first\n", TestContext.Current.CancellationToken);
        await using var bench = await EndpointBench.StartAsync(options => options.ApiKeyFile = path, Text("ok"), Text("ok"));
        await bench.AskAsync();
        await File.WriteAllTextAsync(path, "second", TestContext.Current.CancellationToken);
        await bench.AskAsync();
        Assert.Equal(["Bearer first", "Bearer second"], bench.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task GetResponse_GivesTheSameAnswerAtOnce()
    {
        await using var bench = await EndpointBench.StartAsync(Text("It is ", "there."));
        var response = await bench.Client.GetResponseAsync("Where?", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("It is there.", response.Text);
    }
}
