extern alias client;

using System.ComponentModel;
using AgentRuntime.Client.Embedded;
using AgentRuntime.Common;
using AgentRuntime.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Embedded;

/// <summary>A program that hosts the runtime with one agent that pays, in this process.</summary>
internal sealed class EmbeddedProgram : IAsyncDisposable
{
    private readonly IHost _host;

    public EmbeddedProgram(string dataFolder, string instructions = "Pay.", Action<IServiceCollection>? also = null, string model = "payer")
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddAgentRuntime("acme", runtime => runtime
            .UseFreePorts()
            .UseDataFolder(dataFolder)
            .AddTool(Pay)
            .AddModel(model, new Payer())
            .AddAgent("pays", new() { Instructions = instructions, Model = model, Tools = ["pay"], RiskScope = RiskLevel.WriteHigh }));
        also?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public List<int> Paid { get; } = [];

    public AgentRuntimeClient Client => _host.Services.GetRequiredService<AgentRuntimeClient>();

    public EmbeddedRuntime Runtime => _host.Services.GetRequiredService<EmbeddedRuntime>();

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async Task<Wire.Run> StartRunAsync(string input = "Pay 5.") => await Client.Runs.StartRunAsync(
        new() { Parent = "tenants/acme", Agent = "tenants/acme/agents/pays", Input = input, RequestId = "r" });

    public async Task<string> WaitForApprovalAsync(string run)
    {
        await foreach (var record in Client.WatchRunAsync(run, cancellationToken: TestContext.Current.CancellationToken))
            if (record.Type == "approval.requested") break;
        return (await Client.Approvals.ListApprovalsAsync(new() { Parent = "tenants/acme" })).Approvals.Single().Name;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Description("Pays."), ToolRisk(RiskLevel.WriteHigh), ToolEffect(EffectClass.AtMostOnce)]
    private void Pay(int cents) => Paid.Add(cents);

    private sealed class Payer : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            Task.FromResult(Answer(messages));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            Answer(messages).ToChatResponseUpdates().ToAsyncEnumerable();

        public object? GetService(Type serviceType, object? serviceKey) => null;

        public void Dispose() => throw new InvalidOperationException("The runtime disposed a model that is the program's.");

        private static ChatResponse Answer(IEnumerable<ChatMessage> messages) => new(messages.Last().Role == ChatRole.Tool
            ? new ChatMessage(ChatRole.Assistant, "Paid.")
            : new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "pay", new Dictionary<string, object?> { ["cents"] = 5 })]));
    }
}
