extern alias client;

using AgentRuntime.EndToEnd.Tests.Client.Chat;
using client::AgentRuntime.Client.Functions;
using Microsoft.Extensions.AI;

namespace AgentRuntime.EndToEnd.Tests.Client.Functions;

/// <summary>An agent as a function that another model calls.</summary>
public sealed class AgentFunctionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Invoke_ByAModelOfAnotherFramework_IsARunOfItsOwn()
    {
        await using var program = await TalkingProgram.StartAsync();
        var function = program.Client.AsAIFunction("talks", new AgentFunctionOptions { Description = "Repeats." });
        using var caller = new ChatClientBuilder(new CallingModel("ask_talks", """{"input":"one"}""")).UseFunctionInvocation().Build();

        var response = await caller.GetResponseAsync("go", new ChatOptions { Tools = [function] }, Stop);

        Assert.Equal($"It says: {TalkingProgram.AnswerTo("one")}", response.Text);
        Assert.Equal(("ask_talks", "Repeats."), (function.Name, function.Description));
        Assert.Equal("string", function.JsonSchema.GetProperty("properties").GetProperty("input").GetProperty("type").GetString());
        Assert.Single(await program.Client.ListRunsAsync(cancellationToken: Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task Invoke_AgentThatHandsOver_ReturnsItsWordsAndWhoWaits()
    {
        await using var program = await TalkingProgram.StartAsync();
        var said = await program.Client.AsAIFunction("talks").InvokeAsync(new() { ["input"] = "person" }, Stop);
        Assert.StartsWith("Which order?\n(The agent handed over to a person", Assert.IsType<string>(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_WithoutInput_NamesTheParameter()
    {
        await using var program = await TalkingProgram.StartAsync();
        var fault = await Assert.ThrowsAsync<ArgumentException>(async () => await program.Client.AsAIFunction("talks").InvokeAsync(new() { ["input"] = 5 }, Stop));
        Assert.Contains("input", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>A model that calls one function and says what came back.</summary>
    private sealed class CallingModel(string function, string arguments) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            Task.FromResult(new ChatResponse(messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().LastOrDefault() is { } result
                ? new ChatMessage(ChatRole.Assistant, $"It says: {result.Result}")
                : new ChatMessage(ChatRole.Assistant, [FunctionCallContent.CreateFromParsedArguments(
                    arguments, "1", function, json => System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, object?>>(json))])));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            AsyncEnumerable.Empty<ChatResponseUpdate>();

        public object? GetService(Type serviceType, object? serviceKey) => null;

        public void Dispose()
        {
        }
    }
}
