using AgentRuntime.Common;
using AgentRuntime.Telemetry;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.Silo.Tests.Telemetry;

public sealed class ExportPlanTests
{
    [Fact]
    public void Plan_WithoutAnEndpoint_ExportsNothing() => Assert.True(Of(("OTEL_SERVICE_NAME", "mine")).IsEmpty);

    [Fact]
    public void Plan_WithAnEndpoint_ExportsAll() => Assert.Equal(new ExportPlan(true, true, true), Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317")));

    [Fact]
    public void Plan_WithAnEndpointForOneSignal_ExportsThatOne() =>
        Assert.Equal(new ExportPlan(false, true, false), Of(("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://localhost:4317")));

    [Fact]
    public void Plan_WithoutAnExporterForOneSignal_ExportsTheOthers() =>
        Assert.Equal(new ExportPlan(false, true, true), Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"), ("OTEL_TRACES_EXPORTER", "none")));

    [Fact]
    public void Plan_Disabled_ExportsNothing() => Assert.True(Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"), ("OTEL_SDK_DISABLED", "true")).IsEmpty);

    [Fact]
    public void Plan_WithAnExporterThatThereIsNot_NamesVariableAndFix()
    {
        var refused = Assert.Throws<AgentRuntimeException>(() => Of(("OTEL_LOGS_EXPORTER", "console")));
        Assert.Equal("OTEL_LOGS_EXPORTER is 'console'; set it to otlp or none, or leave it out.", refused.Message);
    }

    private static ExportPlan Of(params (string Key, string Value)[] variables) => ExportPlan.Of(
        new ConfigurationBuilder().AddInMemoryCollection(variables.Select(each => KeyValuePair.Create(each.Key, (string?)each.Value))).Build());
}
