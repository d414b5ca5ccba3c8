using AgentRuntime.Common;

namespace AgentRuntime.Telemetry;

/// <summary>
/// Which signals leave this process, as the variables of OpenTelemetry say that it shares with every other program:
/// <c>OTEL_EXPORTER_OTLP_[SIGNAL_]ENDPOINT</c>, <c>OTEL_[SIGNAL]_EXPORTER</c>, <c>OTEL_SDK_DISABLED</c>. Without an endpoint nothing is exported.
/// </summary>
internal sealed record ExportPlan(bool Traces, bool Metrics, bool Logs)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Disabled = "OTEL_SDK_DISABLED";
    private const string Otlp = "otlp";
    private const string None = "none";

    public bool IsEmpty => !Traces && !Metrics && !Logs;

    /// <exception cref="AgentRuntimeException">InvalidArgument: an exporter is asked for that there is none of.</exception>
    public static ExportPlan Of(IConfiguration settings)
    {
        if (string.Equals(settings[Disabled], "true", StringComparison.OrdinalIgnoreCase)) return new ExportPlan(false, false, false);
        return new ExportPlan(Exports(settings, "TRACES"), Exports(settings, "METRICS"), Exports(settings, "LOGS"));
    }

    private static bool Exports(IConfiguration settings, string signal)
    {
        var key = $"OTEL_{signal}_EXPORTER";
        return settings[key] switch
        {
            null or "" or Otlp => !string.IsNullOrEmpty(settings[Endpoint]) || !string.IsNullOrEmpty(settings[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]),
            None => false,
            var other => throw new AgentRuntimeException(ErrorCode.InvalidArgument, $"{key} is '{other}'; set it to {Otlp} or {None}, or leave it out."),
        };
    }
}
