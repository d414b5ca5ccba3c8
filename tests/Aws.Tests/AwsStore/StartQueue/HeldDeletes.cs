using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Aws.Tests.AwsStore.StartQueue;

/// <summary>Stands before a stand-in for SQS and lets everything through but what deletes a message, which it keeps for itself.</summary>
internal sealed class HeldDeletes : IAsyncDisposable
{
    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly HttpClient _http;
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldDeletes(Uri sqs) => _http = new HttpClient { BaseAddress = sqs };

    /// <summary>Somebody has tried to delete a message.</summary>
    public Task Held => _held.Task;

    public Uri Endpoint => new(_app.Urls.First());

    public static async Task<HeldDeletes> StartAsync(Uri sqs)
    {
        var held = new HeldDeletes(sqs);
        held._app.Run(held.ServeAsync);
        await held._app.StartAsync();
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var target = http.Request.Headers["X-Amz-Target"].ToString();
        if (target.EndsWith(".DeleteMessage", StringComparison.Ordinal))
        {
            _held.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, http.Request.Path) { Content = new StreamContent(http.Request.Body) };
        foreach (var (name, value) in http.Request.Headers.Where(static header => header.Key is "X-Amz-Target" or "Authorization" or "X-Amz-Date"))
            request.Headers.TryAddWithoutValidation(name, value.ToString());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        using var response = await _http.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
