using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>The call that a method is serving. A method that has a parameter of this type gets it; the model does not see it.</summary>
/// <param name="Tenant">Whose run it is.</param>
/// <param name="IdempotencyKey"><c>tenant/run/step/call</c>: the same over all attempts of one call, and of no other call.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Deadline">The caller wants no effect after this time (UTC).</param>
public sealed record ToolCallContext(TenantId Tenant, string IdempotencyKey, int Attempt, DateTimeOffset Deadline);
