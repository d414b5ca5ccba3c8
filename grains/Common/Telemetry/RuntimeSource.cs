using System.Diagnostics;

namespace AgentRuntime.Common.Telemetry;

/// <summary>Where all spans of the runtime come from. While nobody listens to it no span is made.</summary>
internal static class RuntimeSource
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string Name = "AgentRuntime";

    public static readonly ActivitySource Spans = new(Name);

    /// <summary>
    /// Begins a span below the one of ours that is open, or else below <paramref name="run"/>: a run's loop may be called from anywhere, and what
    /// it does belongs to its own trace.
    /// </summary>
    public static Activity? Begin(string name, ActivityKind kind, in ActivityContext run) =>
        Spans.StartActivity(name, kind, Activity.Current is { } open && open.Source == Spans ? open.Context : run);
}
