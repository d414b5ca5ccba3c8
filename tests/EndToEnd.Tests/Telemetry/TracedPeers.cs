using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.EndToEnd.Tests.Telemetry;

/// <summary>Whom a run calls: a model that calls the tool <c>orders</c> once and then answers, and that tool. Both note the headers they get.</summary>
internal sealed class TracedPeers : IAsyncDisposable
{
    public const string Reply = "canary-reply-5b1d";

    private readonly WebApplication _app;

    private TracedPeers(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> ModelCalls { get; } = [];

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> ToolCalls { get; } = [];

    public static async Task<TracedPeers> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var peers = new TracedPeers(app);
        app.MapPost("/v1/chat/completions", peers.AnswerAsync);
        app.MapPost("/orders", peers.ServeAsync);
        await app.StartAsync();
        return peers;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        ModelCalls.Enqueue(HeadersOf(http));
        using var request = await JsonDocument.ParseAsync(http.Request.Body);
        var isAnswered = request.RootElement.GetProperty("messages").EnumerateArray().Any(message => message.GetProperty("role").GetString() == "tool");
        http.Response.ContentType = "text/event-stream";
        if (isAnswered) await SendAsync(http, new { content = Reply }, "stop");
        else await SendAsync(http, new { tool_calls = new[] { Call() } }, "tool_calls");
        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static object Call() => new { index = 0, id = "c1", type = "function", function = new { name = "orders", arguments = """{"order":"canary-argument-77aa"}""" } };

    private Task ServeAsync(HttpContext http)
    {
        ToolCalls.Enqueue(HeadersOf(http));
        return http.Response.WriteAsJsonAsync(new { note = "canary-result-19ce" }, http.RequestAborted);
    }

    private static Dictionary<string, string> HeadersOf(HttpContext http) => http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    private static Task SendAsync(HttpContext http, object delta, string finish)
    {
        var usage = new { prompt_tokens = 11, completion_tokens = 7, total_tokens = 18 };
        var chunk = new { id = "c", @object = "chat.completion.chunk", created = 1, model = "m", choices = new[] { new { index = 0, delta, finish_reason = finish } }, usage };
        return http.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk)}\n\n", http.RequestAborted);
    }
}
