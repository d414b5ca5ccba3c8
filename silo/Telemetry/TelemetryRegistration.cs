using System.Collections;
using AgentRuntime.Aws;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Embedded.Folder;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentRuntime.Telemetry;

internal static class TelemetryRegistration
{
    private const string DefaultServiceName = "agent-runtime";
    private const string VariablePrefix = "OTEL_";

    /// <summary>Calls between grains: Orleans makes a span of each when somebody listens.</summary>
    private const string OrleansSpans = "Microsoft.Orleans.Application";

    private static readonly string[] Meters =
        [RuntimeSource.Name, AwsTelemetry.MeterName, "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>Makes the variables of OpenTelemetry settings, under the names that they have for every program.</summary>
    public static IConfigurationBuilder AddTelemetryVariables(this IConfigurationBuilder settings) => settings.AddInMemoryCollection(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(each => KeyValuePair.Create((string)each.Key, (string?)each.Value))
            .Where(each => each.Key.StartsWith(VariablePrefix, StringComparison.Ordinal)));

    /// <summary>Exports what <see cref="ExportPlan"/> says. Otherwise adds nothing at all.</summary>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        var plan = ExportPlan.Of(builder.Configuration);
        if (plan.IsEmpty) return builder;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(
            builder.Configuration["OTEL_SERVICE_NAME"] ?? DefaultServiceName, serviceVersion: FolderFormat.ProductVersion()));
        if (plan.Traces) telemetry.WithTracing(Trace);
        if (plan.Metrics) telemetry.WithMetrics(metrics => metrics.AddMeter(Meters).AddOtlpExporter());
        if (plan.Logs) telemetry.WithLogging(logs => logs.AddOtlpExporter(), logs => logs.IncludeScopes = true);
        return builder;
    }

    private static void Trace(TracerProviderBuilder traces) => traces
        .AddSource(RuntimeSource.Name, OrleansSpans)
        .AddAspNetCoreInstrumentation(web => web.Filter = static context => !IsHealth(context.Request.Path))
        .AddProcessor<WordlessFailures>()
        .AddOtlpExporter();

    // Asked every few seconds by whoever looks after the process; a trace of it tells nothing.
    private static bool IsHealth(PathString path) => path.StartsWithSegments("/healthz") || path.StartsWithSegments("/grpc.health.v1.Health");
}
