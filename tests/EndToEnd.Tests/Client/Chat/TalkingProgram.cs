extern alias client;

using System.ComponentModel;
using AgentRuntime.Client.Embedded;
using AgentRuntime.Common;
using AgentRuntime.Testing;
using AgentRuntime.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Client.Chat;

/// <summary>
/// A program that hosts the runtime with the agent <c>talks</c>. It answers each input; to <c>pay</c> it pays first, to <c>pay twice</c> once more after that, to <c>person</c> it hands
/// over, to <c>break</c> it fails, to <c>hold</c> it says nothing until <see cref="Release"/>, and to <c>ponder</c> it hands over then.
/// </summary>
internal sealed class TalkingProgram : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly IHost _host;
    private readonly TaskCompletionSource _isHolding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TalkingProgram()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddAgentRuntime("acme", runtime => runtime
            .UseFreePorts()
            .UseDataFolder(_folder.Path)
            .AddTool(Pay)
            .AddModel("talker", new Talker(this))
            .AddAgent("talks", new() { Instructions = "Talk.", Model = "talker", Tools = ["pay"], RiskScope = RiskLevel.WriteHigh }));
        _host = builder.Build();
    }

    public AgentRuntimeClient Client => _host.Services.GetRequiredService<AgentRuntimeClient>();

    public int Paid { get; private set; }

    /// <summary>What the model was shown at its last call, instructions left out.</summary>
    public IReadOnlyList<string> Shown { get; private set; } = [];

    public static async Task<TalkingProgram> StartAsync()
    {
        var program = new TalkingProgram();
        await program._host.StartAsync(TestContext.Current.CancellationToken);
        return program;
    }

    public static string AnswerTo(string text) => $"You said {text}.";

    /// <summary>Until the model was asked to hold.</summary>
    public Task HoldingAsync() => _isHolding.Task;

    public void Release() => _released.TrySetResult();

    public async Task ApproveAsync(string approval)
    {
        using var anna = _host.Services.GetRequiredService<EmbeddedRuntime>().CreateClient("anna", Roles.Approver);
        await anna.DecideApprovalAsync(approval, Wire.ApprovalVerdict.Approve, "checked", TestContext.Current.CancellationToken);
    }

    /// <summary>A client of anna, at whose next call of a method something happens before it is sent.</summary>
    public AgentRuntimeClient CreateClientThatIsSlowAt(string method, Func<Task> happens) => CreateClient(new SlowConnections(method, happens, Connections(stream => stream)));

    /// <summary>A client of anna whose connections are made from those to the program, and that hears of the end of one within seconds.</summary>
    public AgentRuntimeClient CreateClientOver(Func<Stream, Stream> connection)
    {
        var connections = Connections(connection);
        (connections.KeepAlivePingDelay, connections.KeepAlivePingTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        return CreateClient(connections);
    }

    private static AgentRuntimeClient CreateClient(HttpMessageHandler connections) => AgentRuntimeClient.Over(connections, "acme", TestContext.Current.CancellationToken);

    private SocketsHttpHandler Connections(Func<Stream, Stream> connection)
    {
        var anna = new Principal("urn:test", "anna", "anna", TenantId.Parse("acme"), [Roles.Developer], TimeProvider.System.GetUtcNow());
        var transport = _host.Services.GetRequiredService<EmbeddedRuntime>().Transport;
        return new SocketsHttpHandler { ConnectCallback = async (_, cancellation) => connection(await transport.ConnectAsync(anna, cancellation)) };
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await _host.StopAsync();
        _host.Dispose();
        _folder.Dispose();
    }

    [Description("Pays."), ToolRisk(RiskLevel.WriteHigh), ToolEffect(EffectClass.AtMostOnce)]
    private void Pay(int cents) => Paid += cents;

    private async Task<ChatResponse> AnswerAsync(IEnumerable<ChatMessage> messages)
    {
        Shown = [.. messages.Where(message => message.Role != ChatRole.System).Select(message => message.Text)];
        var asked = messages.Last(message => message.Role == ChatRole.User).Text;
        var paid = messages.Count(message => message.Role == ChatRole.Tool);
        if (messages.Last().Role == ChatRole.Tool && (asked != "pay twice" || paid == 2)) return new ChatResponse(new ChatMessage(ChatRole.Assistant, "Paid."));
        switch (asked)
        {
            case "pay" or "pay twice":
                return new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextContent("I pay."), new FunctionCallContent($"{paid + 1}", "pay", new Dictionary<string, object?> { ["cents"] = 5 })]));
            case "person":
                return HandOver();
            case "break":
                throw new InvalidOperationException("The model is broken.");
            case "hold":
                _isHolding.TrySetResult();
                await _released.Task;
                break;
            case "ponder":
                await _released.Task;
                return HandOver();
        }

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, AnswerTo(asked))) { Usage = new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 } };
    }

    private static ChatResponse HandOver() => new(new ChatMessage(ChatRole.Assistant, "Which order?")) { FinishReason = new ChatFinishReason("handover") };

    private sealed class SlowConnections(string method, Func<Task> happens, HttpMessageHandler connections) : DelegatingHandler(connections)
    {
        private int _hasHappened;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.EndsWith($"/{method}", StringComparison.Ordinal) && Interlocked.Exchange(ref _hasHappened, 1) == 0) await happens();
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Talker(TalkingProgram program) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) => program.AnswerAsync(messages);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var update in (await program.AnswerAsync(messages)).ToChatResponseUpdates()) yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey) => null;

        public void Dispose()
        {
        }
    }
}
