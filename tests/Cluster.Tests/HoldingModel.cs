using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Cluster.Tests;

/// <summary>A server of OpenAI's chat completions on loopback. It holds its answers back until it is told to give those that a word is in.</summary>
internal sealed class HoldingModel : IAsyncDisposable
{
    public const string Name = "holding";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);
    private int _held;

    private HoldingModel(WebApplication app) => _app = app;

    /// <summary>Calls that wait for an answer.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Settings of a silo that knows the model.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        [$"AGENTRT_Models__OpenAI__{Name}__Endpoint"] = $"{_app.Urls.Single()}/v1",
        [$"AGENTRT_Models__OpenAI__{Name}__Model"] = Name,
    };

    public static async Task<HoldingModel> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var model = new HoldingModel(app);
        app.MapPost("/v1/chat/completions", model.AnswerAsync);
        await app.StartAsync();
        return model;
    }

    /// <summary>Answers all calls that say <paramref name="word"/>, now and later.</summary>
    public void Release(string word) => Gate(word).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        // A call that is held never ends by itself.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private TaskCompletionSource Gate(string word) => _gates.GetOrAdd(word, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AnswerAsync(HttpContext http)
    {
        using var request = await JsonDocument.ParseAsync(http.Request.Body);
        var said = request.RootElement.GetProperty("messages").ToString();
        Interlocked.Increment(ref _held);
        try
        {
            await Gate(said.Contains("acme", StringComparison.Ordinal) ? "acme" : "other").Task.WaitAsync(http.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }

        http.Response.ContentType = "text/event-stream";
        foreach (var (delta, finish) in new (object, string?)[] { (new { content = "Done." }, null), (new { }, "stop") })
        {
            var chunk = new { id = "c", @object = "chat.completion.chunk", created = 1, model = Name, choices = new[] { new { index = 0, delta, finish_reason = finish } } };
            await http.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk)}\n\n", http.RequestAborted);
        }

        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }
}
