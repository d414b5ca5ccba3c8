using System.Collections.Concurrent;
using System.Text.Json;
using AgentRuntime.Testing;
using AgentRuntime.Testing.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Cluster.Tests;

/// <summary>A server of OpenAI's chat completions on loopback. It holds its answers back until it is told to give those that a word is in.</summary>
internal sealed class HoldingModel : IAsyncDisposable
{
    public const string Name = "holding";

    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);
    private int _held;

    private HoldingModel() => _app.MapPost(Answers.Route, AnswerAsync);

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
        var model = new HoldingModel();
        await model._app.StartAsync();
        return model;
    }

    /// <summary>Answers all calls that say <paramref name="word"/>, now and later.</summary>
    public void Release(string word) => Gate(word).TrySetResult();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

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

        await Answers.Text("Done.")(http);
    }
}
