using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>
/// A server of OpenAI's chat completions on loopback. It streams an answer to the last message, a word whenever it is asked for one; to a
/// message that says <c>hold</c> it says half of it and no more the first time.
/// </summary>
internal sealed class TalkingEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string[]> _asked = [];
    private readonly SemaphoreSlim _words = new(0);
    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TalkingEndpoint(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>The messages of each call, instructions left out.</summary>
    public IReadOnlyList<string[]> Asked => [.. _asked];

    /// <summary>Lets it say one word more.</summary>
    public void Ask() => _words.Release();

    /// <summary>Completes when half of an answer was said and no more will be.</summary>
    public Task Holding => _holding.Task;

    public static async Task<TalkingEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var endpoint = new TalkingEndpoint(app);
        app.MapPost("/v1/chat/completions", endpoint.AnswerAsync);
        await app.StartAsync();
        return endpoint;
    }

    public static string AnswerTo(string text) => $"This is the answer to {text} in quite some words.";

    public async ValueTask DisposeAsync()
    {
        // A call that is held never ends by itself.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var request = await JsonDocument.ParseAsync(http.Request.Body);
        var messages = request.RootElement.GetProperty("messages").EnumerateArray().Skip(1).Select(Text).ToArray();
        _asked.Enqueue(messages);
        var words = AnswerTo(messages[^1]).Split(' ');
        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < words.Length; i++)
        {
            await _words.WaitAsync(http.RequestAborted);
            await SendAsync(http, new { content = i == 0 ? words[i] : $" {words[i]}" }, null);
            if (i < words.Length / 2 || !messages[^1].Contains("hold", StringComparison.Ordinal) || !_holding.TrySetResult()) continue;
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        await SendAsync(http, new { }, "stop");
        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static string Text(JsonElement message) => message.GetProperty("content") is { ValueKind: JsonValueKind.Array } parts
        ? string.Concat(parts.EnumerateArray().Select(part => part.GetProperty("text").GetString()))
        : message.GetProperty("content").GetString()!;

    private static async Task SendAsync(HttpContext http, object delta, string? finish)
    {
        var chunk = new { id = "c", @object = "chat.completion.chunk", created = 1, model = "talker", choices = new[] { new { index = 0, delta, finish_reason = finish } } };
        await http.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk)}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
