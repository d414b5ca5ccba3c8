using System.Diagnostics.Metrics;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Grains.Tests.Tools;

/// <summary>Tools and calls that tests start from.</summary>
internal static class ToolSamples
{
    public const string Schema = """{"type":"object","properties":{"order":{"type":"string"},"cents":{"type":"integer"}},"required":["order"]}""";

    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static ToolContract Contract(
        RiskLevel risk = RiskLevel.Read, string? output = null, ToolInvoker? invoker = null, int timeoutMs = 5_000, IReadOnlyList<string>? classes = null) =>
        new("refund", "Pays an order back.", Schema, output, risk, EffectClass.Idempotent, timeoutMs, classes ?? ["customer"], [], invoker ?? new FunctionInvoker("refund"));

    public static ToolVersion Version(ToolContract contract, string? publishedBy = "b", string? blocked = null) =>
        new(ToolId.Parse("refund"), contract, new string('a', 64), "refund", "a", publishedBy, blocked, Now);

    public static PreparedTool Prepare(ToolVersion version, IToolInvoker invoker) => new ToolPreparer([invoker]).Prepare(version);

    public static AgentDefinition Agent(RiskLevel scope = RiskLevel.Critical, params string[] classes) =>
        new("Help.", "rules", [], new RunLimits(), scope, classes, new ContextWindow());

    public static ToolInstruments Instruments() => new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    public static ToolInvocation Call(PreparedTool tool, string arguments = """{"order":"o-1"}""", DateTimeOffset? deadline = null) =>
        new(TenantId.Parse("acme"), "acme/r1/1/0", 1, tool.Version, Json(arguments), deadline ?? Now.AddMinutes(1));
}

/// <summary>An invoker that does what the test says.</summary>
internal sealed class ScriptedInvoker(Func<ToolInvocation, CancellationToken, Task<ToolOutcome>> call) : IToolInvoker
{
    public int Calls { get; private set; }

    public bool Serves(ToolInvoker invoker) => true;

    public Task<ToolOutcome> InvokeAsync(ToolInvocation invocation, CancellationToken cancellation)
    {
        Calls++;
        return call(invocation, cancellation);
    }
}
