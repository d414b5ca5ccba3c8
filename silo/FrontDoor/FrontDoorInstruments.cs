using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Overload;
using Microsoft.AspNetCore.Http.Features;

namespace AgentRuntime.FrontDoor;

/// <summary>What is measured of calls to the front door, and what their spans say: method, outcome and, on the span alone, the tenant.</summary>
internal sealed class FrontDoorInstruments
{
    public const string TooManyWait = "too_many_wait";
    public const string WaitedTooLong = "waited_too_long";
    public const string Backlog = "backlog";

    private const string Method = "rpc.method";
    private const string Reason = "agentruntime.reason";
    private const string Code = "rpc.response.status_code";
    private const string StatusHeader = "grpc-status";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _refused;

    public FrontDoorInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(RuntimeSource.Name);
        _duration = meter.CreateHistogram(
            "agentruntime.frontdoor.duration",
            "s",
            "How long a call took, by method and gRPC status; of a stream until its end.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] });
        _refused = meter.CreateCounter<long>("agentruntime.frontdoor.refused", "{call}", "Calls that were refused because there are too many, by reason.");
    }

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>(Reason, reason));

    /// <summary>Serves a call and measures it if anybody wants to know.</summary>
    public Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        return (_duration.Enabled || span is { IsAllDataRequested: true }) && DoorMethod.Of(context) is { IsHealth: false } method ? WatchAsync(context, method, span, next) : next(context);
    }

    private async Task WatchAsync(HttpContext context, DoorMethod method, Activity? span, RequestDelegate next)
    {
        var since = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var status = StatusOf(context, method);
            _duration.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new TagList { { Method, method.Name }, { Code, status } });
            if (span is { IsAllDataRequested: true })
            {
                span.SetTag(Method, method.Name);
                span.SetTag(Code, status);
                if (context.Features.Get<Caller>()?.Principal.Tenant is { } tenant) span.SetTag(RuntimeNames.Tenant, tenant.Value);
            }
        }
    }

    private static string StatusOf(HttpContext context, DoorMethod method)
    {
        if (method.IsJson) return context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        return trailers is not null && trailers.TryGetValue(StatusHeader, out var late) ? late.ToString() : context.Response.Headers[StatusHeader].ToString();
    }
}
