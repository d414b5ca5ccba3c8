using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentRuntime.Silo.Tests.Mcp.Http;

/// <summary>An MCP server over streamable HTTP that speaks the newest revision, in this process. Its only tool is <c>order_Status</c>.</summary>
internal sealed class SdkServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();

    private SdkServer(int port)
    {
        Port = port;
        _app = LoopbackApp.Create(port, services => services.AddMcpServer(options => options.Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = true } })
            .WithHttpTransport()
            .WithListToolsHandler((_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [Listed()] }))
            .WithCallToolHandler(CallAsync)
            .WithSubscriptionsListenHandler(ListenAsync));
        _app.Use((context, next) =>
        {
            Headers.Enqueue(context.Request.Headers.Authorization.ToString());
            return Refusal is { } status ? Refuse(context, status) : next(context);
        });
        _app.MapMcp("/mcp");
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public string Description { get; private set; } = "Status of an order.";

    /// <summary>With what status every request is answered from now on; null answers them.</summary>
    public int? Refusal { get; set; }

    public ConcurrentQueue<string> Headers { get; } = new();

    public ConcurrentQueue<JsonElement> Calls { get; } = new();

    /// <summary>Who listens for changes.</summary>
    public int Listeners => _listeners;

    public bool WasAbandoned { get; private set; }

    private int _listeners;

    public static async Task<SdkServer> StartAsync()
    {
        var server = new SdkServer(FreePorts.Take(1)[0]);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Changes the tool and says so to who listens.</summary>
    public void Change(string description)
    {
        Description = description;
        _changes.Writer.TryWrite(true);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task Refuse(Microsoft.AspNetCore.Http.HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
        return Task.CompletedTask;
    }

    private Tool Listed() => new()
    {
        Name = "order_Status",
        Description = Description,
        InputSchema = JsonElement.Parse("""{"type":"object","properties":{"order":{"type":"string"},"wait":{"type":"boolean"}},"required":["order"]}"""),
        OutputSchema = JsonElement.Parse("""{"type":"object","properties":{"state":{"type":"string"}},"required":["state"]}"""),
    };

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellation)
    {
        Calls.Enqueue(JsonElement.Parse(request.Params.Meta!.ToJsonString()));
        if (request.Params.Arguments!.ContainsKey("wait"))
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                WasAbandoned = true;
            }
        }

        var order = request.Params.Arguments!["order"].GetString();
        return new CallToolResult { Content = [], StructuredContent = JsonElement.Parse($$"""{"state":"{{order}} is on its way"}""") };
    }

    private async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellation)
    {
        await SayAsync(request, NotificationMethods.SubscriptionsAcknowledgedNotification, new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } });
        Interlocked.Increment(ref _listeners);
        await foreach (var _ in _changes.Reader.ReadAllAsync(cancellation)) await SayAsync(request, NotificationMethods.ToolListChangedNotification, []);
        return new EmptyResult();
    }

    private static Task SayAsync(RequestContext<SubscriptionsListenRequestParams> request, string method, JsonObject what)
    {
        what["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = JsonValue.Create(request.JsonRpcRequest.Id.ToString()) };
        return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = what });
    }
}
