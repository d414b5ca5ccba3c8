using System.Diagnostics;
using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>One attempt of one call, checked and allowed.</summary>
/// <param name="Tenant">Whose run it is.</param>
/// <param name="IdempotencyKey"><c>tenant/run/step/call</c>: the same over all attempts.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Tool">The contract to call.</param>
/// <param name="Arguments">A JSON object that the input schema accepts.</param>
/// <param name="Deadline">Not sent after this time (UTC).</param>
internal sealed record ToolInvocation(
    TenantId Tenant, string IdempotencyKey, int Attempt, ToolVersion Tool, JsonElement Arguments, DateTimeOffset Deadline)
{
    /// <summary>The span to which the tool's own belong: of the attempt, or of who asked for the run while nobody listens; default when there is none.</summary>
    public ActivityContext Trace { get; init; }
}
