using System.Diagnostics;

namespace AgentRuntime.Common.Telemetry;

/// <summary>W3C trace context as it is stored and sent: the header <c>traceparent</c> alone. What others put into baggage goes no further.</summary>
internal static class TraceContext
{
    /// <summary>The key under which the context is sent to tools.</summary>
    public const string Key = "traceparent";

    /// <summary>The context of whoever works now; null for none.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;

    /// <summary>Reads what was stored. Of a run that has only the trace's id what follows is at the root of that trace.</summary>
    public static ActivityContext Read(string? traceParent, ActivityTraceId trace)
    {
        if (ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context)) return context;
        return trace == default ? default : new ActivityContext(trace, spanId: default, ActivityTraceFlags.Recorded, traceState: null, isRemote: true);
    }

    /// <summary>The header of a context; null when it names no span.</summary>
    public static string? Write(in ActivityContext context) => context.SpanId == default
        ? null
        : $"00-{context.TraceId}-{context.SpanId}-{((context.TraceFlags & ActivityTraceFlags.Recorded) == 0 ? "00" : "01")}";
}
