using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>What a tool promises. A version never changes; its hash pins it in runs, decisions and approvals.</summary>
/// <param name="WireName">The name as the tool's own server calls it, at most 128 ASCII characters.</param>
/// <param name="Description">What the model reads; at most 8 KiB.</param>
/// <param name="InputSchema">JSON Schema of the arguments, as JSON text. Objects are closed unless it says otherwise.</param>
/// <param name="OutputSchema">JSON Schema of the result, as JSON text; null accepts any result.</param>
/// <param name="Risk">How much harm it can do.</param>
/// <param name="Effect">What may happen to a call whose outcome a crash has hidden.</param>
/// <param name="TimeoutMs">Milliseconds for one attempt, 1 to 600,000.</param>
/// <param name="DataClasses">The classes of data it may see.</param>
/// <param name="EgressHosts">Hosts it reaches, as <c>host</c> (any port) or <c>host:port</c>; each must lie inside the tenant's list and the platform's.</param>
/// <param name="Invoker">How it is called.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tool.contract")]
public sealed record ToolContract(
    [property: Id(0)] string WireName,
    [property: Id(1)] string Description,
    [property: Id(2)] string InputSchema,
    [property: Id(3)] string? OutputSchema,
    [property: Id(4)] RiskLevel Risk,
    [property: Id(5)] EffectClass Effect,
    [property: Id(6)] int TimeoutMs,
    [property: Id(7)] IReadOnlyList<string> DataClasses,
    [property: Id(8)] IReadOnlyList<string> EgressHosts,
    [property: Id(9)] ToolInvoker Invoker);
