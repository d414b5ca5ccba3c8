using System.Collections.Concurrent;
using System.Text;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.EndToEnd.Tests.Telemetry;

/// <summary>Receives OTLP over HTTP as a collector does, and keeps every byte.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly ConcurrentQueue<byte[]> _traces = [];
    private readonly ConcurrentQueue<byte[]> _metrics = [];
    private readonly ConcurrentQueue<byte[]> _logs = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver()
    {
        _app.MapPost("/v1/traces", http => TakeAsync(http, _traces));
        _app.MapPost("/v1/metrics", http => TakeAsync(http, _metrics));
        _app.MapPost("/v1/logs", http => TakeAsync(http, _logs));
    }

    public string Address => _app.Urls.Single();

    public IReadOnlyList<ExportedSpan> Spans => [.. _traces.SelectMany(ExportedSpan.Read)];

    /// <summary>MetricsData.resource_metrics = 1, ResourceMetrics.scope_metrics = 2, ScopeMetrics.metrics = 2, Metric.name = 1.</summary>
    public IReadOnlySet<string> MetricNames => _metrics.SelectMany(body => ProtoFields.Below(body, 1, 2, 2, 1)).Select(Encoding.UTF8.GetString).ToHashSet();

    /// <summary>All that came, by signal, as Latin-1: every text of ASCII in it is found.</summary>
    public IReadOnlyList<(string Signal, string Text)> Everything =>
        [.. new[] { ("traces", _traces), ("metrics", _metrics), ("logs", _logs) }.SelectMany(each => each.Item2.Select(body => (each.Item1, Encoding.Latin1.GetString(body))))];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until what came fits.</summary>
    /// <exception cref="TimeoutException">It did not in time; the message says what is awaited and which spans came.</exception>
    public async Task WaitAsync(string awaited, Func<OtlpReceiver, bool> fits)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var more = _more.Task;
            if (fits(this)) return;
            try
            {
                await more.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                var came = Spans.Select(span => $"{span.Name} {span.Id} below {span.Parent} of {span.Trace}");
                throw new TimeoutException($"Not within {Patience}: {awaited}. There came: {string.Join("; ", came)}");
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, ConcurrentQueue<byte[]> into)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        into.Enqueue(body.ToArray());
        Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        http.Response.ContentType = "application/x-protobuf";
    }
}
