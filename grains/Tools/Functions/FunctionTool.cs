using AgentRuntime.Common;

namespace AgentRuntime.Tools.Functions;

/// <summary>A function of the host that contracts may name.</summary>
/// <param name="Name">Its registered name.</param>
/// <param name="Description">What a model reads.</param>
/// <param name="Risk">The least risk that a contract may state.</param>
/// <param name="Effect">The loosest effect class that a contract may state.</param>
/// <param name="InputSchema">JSON Schema of its arguments.</param>
/// <param name="OutputSchema">JSON Schema of its result; null accepts any.</param>
/// <param name="CallAsync">Makes one attempt.</param>
internal sealed record FunctionTool(
    string Name,
    string Description,
    RiskLevel Risk,
    EffectClass Effect,
    string InputSchema,
    string? OutputSchema,
    Func<ToolInvocation, CancellationToken, ValueTask<ToolOutcome>> CallAsync)
{
    /// <summary>The milliseconds that a drafted contract gives to one attempt.</summary>
    public const int DefaultTimeoutMs = 30_000;

    /// <summary>The contract that says what the function says of itself; register it as a draft.</summary>
    public ToolContract Draft(params IReadOnlyList<string> dataClasses) =>
        new(Name, Description, InputSchema, OutputSchema, Risk, Effect, DefaultTimeoutMs, dataClasses, [], new FunctionInvoker(Name));
}
