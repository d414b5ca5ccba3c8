using System.Collections.Concurrent;
using System.Text.Json;
using AgentRuntime.Testing;
using AgentRuntime.Testing.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Silo.Tests.Models.OpenAI;

/// <summary>An endpoint on loopback that speaks chat completions and answers one request after the other by its script.</summary>
internal sealed class ProtocolServer : IAsyncDisposable
{
    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();
    private readonly ConcurrentQueue<ProtocolRequest> _requests = new();

    private ProtocolServer() => _app.MapPost(Answers.Route, AnswerAsync);

    public string Endpoint => $"{_app.Urls.Single()}/v1";

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<ProtocolRequest> Requests => [.. _requests];

    public static async Task<ProtocolServer> StartAsync(params Func<HttpContext, Task>[] script)
    {
        var server = new ProtocolServer();
        foreach (var answer in script) server._script.Enqueue(answer);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        _requests.Enqueue(new ProtocolRequest(body.RootElement, context.Request.Headers.Authorization, context.Request.Headers["OpenAI-Organization"]));
        if (_script.TryDequeue(out var answer)) await answer(context);
        else await Answers.Status(500)(context);
    }
}

/// <summary>One request as it came.</summary>
internal sealed record ProtocolRequest(JsonElement Body, string? Authorization, string? Organization);
