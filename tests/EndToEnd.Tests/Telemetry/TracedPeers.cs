using System.Collections.Concurrent;
using System.Text.Json;
using AgentRuntime.Testing;
using AgentRuntime.Testing.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.EndToEnd.Tests.Telemetry;

/// <summary>Whom a run calls: a model that calls the tool <c>orders</c> once and then answers, and that tool. Both note the headers they get.</summary>
internal sealed class TracedPeers : IAsyncDisposable
{
    public const string Reply = "canary-reply-5b1d";

    private readonly WebApplication _app = LoopbackApp.Create();

    private TracedPeers()
    {
        _app.MapPost(Answers.Route, AnswerAsync);
        _app.MapPost("/orders", ServeAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> ModelCalls { get; } = [];

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> ToolCalls { get; } = [];

    public static async Task<TracedPeers> StartAsync()
    {
        var peers = new TracedPeers();
        await peers._app.StartAsync();
        return peers;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        ModelCalls.Enqueue(HeadersOf(http));
        using var request = await JsonDocument.ParseAsync(http.Request.Body);
        var isAnswered = request.RootElement.GetProperty("messages").EnumerateArray().Any(message => message.GetProperty("role").GetString() == "tool");
        await (isAnswered ? Answers.Text(Reply) : Answers.Call("c1", "orders", """{"order":"canary-argument-77aa"}"""))(http);
    }

    private Task ServeAsync(HttpContext http)
    {
        ToolCalls.Enqueue(HeadersOf(http));
        return http.Response.WriteAsJsonAsync(new { note = "canary-result-19ce" }, http.RequestAborted);
    }

    private static Dictionary<string, string> HeadersOf(HttpContext http) => http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
}
