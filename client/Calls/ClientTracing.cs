using System.Diagnostics;
using Grpc.Core;

namespace AgentRuntime.Client.Calls;

/// <summary>
/// Spans of calls, by the names of OpenTelemetry's conventions for RPC, and the header that makes the server's spans their children
/// (W3C Trace Context). Neither arguments nor answers are in them.
/// </summary>
internal static class ClientTracing
{
    private static readonly ActivitySource Source = new(AgentRuntimeClient.ActivitySourceName);

    /// <summary>Starts a span and makes it the current one.</summary>
    public static Activity? Start(IMethod method)
    {
        var span = Source.StartActivity($"{method.ServiceName}/{method.Name}", ActivityKind.Client);
        span?.SetTag("rpc.system", "grpc").SetTag("rpc.service", method.ServiceName).SetTag("rpc.method", method.Name);
        return span;
    }

    /// <summary>Starts a span that is no parent of what the caller does next.</summary>
    public static Activity? StartAside(IMethod method)
    {
        var current = Activity.Current;
        var span = Start(method);
        Activity.Current = current;
        return span;
    }

    /// <summary>The headers with the span in them, or with the caller's where nobody listens to this one's source.</summary>
    public static Metadata Inject(Activity? span, Metadata? headers)
    {
        var sent = new Metadata();
        foreach (var header in headers ?? []) sent.Add(header);
        if ((span ?? Activity.Current) is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } parent || sent.Get("traceparent") is not null) return sent;
        sent.Add("traceparent", id);
        if (parent.TraceStateString is { Length: > 0 } state) sent.Add("tracestate", state);
        return sent;
    }

    public static void Failed(Activity? span, RpcException fault)
    {
        span?.SetTag("rpc.grpc.status_code", (int)fault.StatusCode);
        span?.SetTag("error.type", fault.StatusCode.ToString());
        span?.SetStatus(ActivityStatusCode.Error);
    }
}
