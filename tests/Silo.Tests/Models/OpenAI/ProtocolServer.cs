using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Silo.Tests.Models.OpenAI;

/// <summary>An endpoint on loopback that speaks chat completions and answers one request after the other by its script.</summary>
internal sealed class ProtocolServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();
    private readonly ConcurrentQueue<ProtocolRequest> _requests = new();

    private ProtocolServer(WebApplication app) => _app = app;

    public string Endpoint => $"{_app.Urls.Single()}/v1";

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<ProtocolRequest> Requests => [.. _requests];

    public static async Task<ProtocolServer> StartAsync(params Func<HttpContext, Task>[] script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new ProtocolServer(app);
        foreach (var answer in script) server._script.Enqueue(answer);
        app.MapPost("/v1/chat/completions", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

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
