using AgentRuntime.Models;
using AgentRuntime.Models.OpenAI;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Models.OpenAI;

/// <summary>A protocol server and a model that is registered on it.</summary>
internal sealed class EndpointBench : IAsyncDisposable
{
    public const string Model = "tiny-model";

    private readonly ProtocolServer _server;
    private readonly ServiceProvider _services;

    private EndpointBench(ProtocolServer server, ServiceProvider services) => (_server, _services) = (server, services);

    public IReadOnlyList<ProtocolRequest> Requests => _server.Requests;

    public IChatClient Client => _services.GetRequiredService<ModelRegistry>().Get(Model);

    public static Task<EndpointBench> StartAsync(params Func<HttpContext, Task>[] script) => StartAsync(_ => { }, script);

    public static async Task<EndpointBench> StartAsync(Action<OpenAIModelOptions> configure, params Func<HttpContext, Task>[] script)
    {
        var server = await ProtocolServer.StartAsync(script);
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddOpenAIModel(Model, options =>
        {
            (options.Endpoint, options.Model) = (server.Endpoint, "tiny");
            configure(options);
        });
        return new EndpointBench(server, services.BuildServiceProvider());
    }

    /// <summary>The answer to a short conversation, as a run would read it.</summary>
    public Task<StreamedReply> AskAsync(Action<string>? onText = null) => AskUntilAsync(onText, CancellationToken.None);

    public async Task<StreamedReply> AskUntilAsync(Action<string>? onText, CancellationToken cancellation)
    {
        ChatMessage[] messages = [new(ChatRole.System, "Be kind."), new(ChatRole.User, "Where is it?")];
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("look", "Looks.", System.Text.Json.JsonElement.Parse("""{"type":"object"}"""))] };
        return await StreamedReply.ReadAsync(Client.GetStreamingResponseAsync(messages, options, cancellation), 10_000_000, onText, cancellation)
            .WaitAsync(TimeSpan.FromSeconds(30), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }
}
