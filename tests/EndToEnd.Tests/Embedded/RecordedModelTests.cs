extern alias client;

using AgentRuntime.Client.Embedded;
using AgentRuntime.Common;
using AgentRuntime.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;

namespace AgentRuntime.EndToEnd.Tests.Embedded;

/// <summary>A program records its model once and plays the recording back in its place.</summary>
public sealed class RecordedModelTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_InAnotherProgram_GivesTheSameRun()
    {
        var recording = Path.Combine(Directory.CreateDirectory(_folder.Path).FullName, "run.jsonl");
        var live = await RunAsync("live", runtime => runtime.AddModel("dice", new Dice()).AddRecordedModel("assistant", "dice", recording));
        var replayed = await RunAsync("replay", runtime => runtime.AddReplayModel("assistant", recording));
        Assert.Equal(live, replayed);
        Assert.StartsWith("You threw ", live, StringComparison.Ordinal);
    }

    [Fact]
    public void AddReplayModel_WithoutAFile_StopsTheProgram()
    {
        var refused = Assert.Throws<InvalidInputException>(
            () => Host.CreateEmptyApplicationBuilder(null).AddAgentRuntime("acme", runtime => runtime.AddReplayModel("assistant", "no-such.jsonl")));
        Assert.Contains("no-such.jsonl", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddOpenAIModel_KeyToAnOpenAddress_StopsTheProgram()
    {
        var refused = Assert.Throws<InvalidInputException>(() => Host.CreateEmptyApplicationBuilder(null)
            .AddAgentRuntime("acme", runtime => runtime.AddOpenAIModel("assistant", "http://models.example.com/v1", "tiny", "MODEL_KEY")));
        Assert.Contains("https", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string data, Func<AgentRuntimeSetup, AgentRuntimeSetup> addModel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddAgentRuntime("acme", runtime => addModel(runtime.UseFreePorts().UseDataFolder(_folder.At(data)))
            .AddAgent("throws", new() { Instructions = "Throw dice.", Model = "assistant", RiskScope = RiskLevel.Read }));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<AgentRuntimeClient>();
        var run = await client.Runs.StartRunAsync(new() { Parent = "tenants/acme", Agent = "tenants/acme/agents/throws", Input = "Throw.", RequestId = "r" });
        await foreach (var record in client.WatchRunAsync(run.Name, cancellationToken: TestContext.Current.CancellationToken))
            Assert.NotEqual("run.failed", record.Type);
        var output = (await client.Runs.GetRunAsync(new() { Name = run.Name })).Output;
        await host.StopAsync(TestContext.Current.CancellationToken);
        return output;
    }

    /// <summary>Never says the same twice.</summary>
    private sealed class Dice : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            Task.FromResult(Throw());

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) => Throw().ToChatResponseUpdates().ToAsyncEnumerable();

        public object? GetService(Type serviceType, object? serviceKey) => null;

        public void Dispose()
        {
        }

        private static ChatResponse Throw() => new(new ChatMessage(ChatRole.Assistant, $"You threw {Guid.NewGuid()}."));
    }
}
