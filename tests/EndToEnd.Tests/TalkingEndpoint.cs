using System.Collections.Concurrent;
using System.Text.Json;
using AgentRuntime.Testing;
using AgentRuntime.Testing.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>
/// A server of OpenAI's chat completions on loopback. It streams an answer to the last message, a word whenever it is asked for one; to a
/// message that says <c>hold</c> it says half of it and no more the first time.
/// </summary>
internal sealed class TalkingEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly ConcurrentQueue<string[]> _asked = [];
    private readonly SemaphoreSlim _words = new(0);
    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TalkingEndpoint() => _app.MapPost(Answers.Route, AnswerAsync);

    public string Address => _app.Urls.Single();

    /// <summary>The messages of each call, instructions left out.</summary>
    public IReadOnlyList<string[]> Asked => [.. _asked];

    /// <summary>Lets it say one word more.</summary>
    public void Ask() => _words.Release();

    /// <summary>Completes when half of an answer was said and no more will be.</summary>
    public Task Holding => _holding.Task;

    public static async Task<TalkingEndpoint> StartAsync()
    {
        var endpoint = new TalkingEndpoint();
        await endpoint._app.StartAsync();
        return endpoint;
    }

    public static string AnswerTo(string text) => $"This is the answer to {text} in quite some words.";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var request = await JsonDocument.ParseAsync(http.Request.Body);
        var messages = request.RootElement.GetProperty("messages").EnumerateArray().Skip(1).Select(Text).ToArray();
        _asked.Enqueue(messages);
        var words = AnswerTo(messages[^1]).Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            await _words.WaitAsync(http.RequestAborted);
            await Answers.SendAsync(http, Answers.Piece(i == 0 ? words[i] : $" {words[i]}"));
            if (i < words.Length / 2 || !messages[^1].Contains("hold", StringComparison.Ordinal) || !_holding.TrySetResult()) continue;
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        await Answers.Stream(Answers.Finish("stop"), Answers.Done)(http);
    }

    private static string Text(JsonElement message) => message.GetProperty("content") is { ValueKind: JsonValueKind.Array } parts
        ? string.Concat(parts.EnumerateArray().Select(part => part.GetProperty("text").GetString()))
        : message.GetProperty("content").GetString()!;
}
