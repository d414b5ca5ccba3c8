using System.Text.Json;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Silo.Tests.Mcp.Http;

/// <summary>An MCP endpoint that answers each call of its one tool with a stream of events that a test writes.</summary>
internal sealed class EventServer : IAsyncDisposable
{
    public const string Tool = "pay";

    private readonly WebApplication _app;
    private int _calls;

    private EventServer(int port)
    {
        Host = $"127.0.0.1:{port}";
        _app = LoopbackApp.Create(port);
        _app.MapPost("/mcp", ReceiveAsync);

        // Whoever asks for the rest of an answer gets an event that says nothing.
        _app.MapGet("/mcp", (HttpRequest request, HttpResponse response) => request.Headers.ContainsKey("Last-Event-ID") ? WriteAsync(response, "id: 2\ndata:\n\n") : RefuseAsync(response));
    }

    public string Host { get; }

    /// <summary>Writes the stream that a call is answered with.</summary>
    public Func<HttpResponse, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>Comes before the list of tools is given.</summary>
    public Func<HttpResponse, Task> BeforeList { get; set; } = _ => Task.CompletedTask;

    public int Calls => _calls;

    public static async Task<EventServer> StartAsync()
    {
        var server = new EventServer(FreePorts.Take(1)[0]);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task RefuseAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpResponse response, string events)
    {
        response.ContentType = "text/event-stream";
        return response.WriteAsync(events);
    }

    private async Task ReceiveAsync(HttpRequest request, HttpResponse response)
    {
        var message = (await JsonDocument.ParseAsync(request.Body)).RootElement;
        if (!message.TryGetProperty("id", out var id))
        {
            response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        switch (message.GetProperty("method").GetString())
        {
            case "initialize":
                var version = message.GetProperty("params").GetProperty("protocolVersion").GetString();
                await AnswerAsync(response, id, $$"""{"protocolVersion":"{{version}}","capabilities":{"tools":{} },"serverInfo":{"name":"events","version":"1"} }""");
                return;
            case "tools/list":
                await BeforeList(response);
                await AnswerAsync(response, id, $$"""{"tools":[{"name":"{{Tool}}","description":"Pays.","inputSchema":{"type":"object","properties":{} } }]}""");
                return;
            case "tools/call":
                Interlocked.Increment(ref _calls);
                response.ContentType = "text/event-stream";
                await Answer(response);
                return;
            default:
                await JsonAsync(response, $$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},"error":{"code":-32601,"message":"Method not found"} }""");
                return;
        }
    }

    private static Task AnswerAsync(HttpResponse response, JsonElement id, string result) =>
        JsonAsync(response, $$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},"result":{{result}} }""");

    private static Task JsonAsync(HttpResponse response, string json)
    {
        response.ContentType = "application/json";
        return response.WriteAsync(json);
    }
}
