using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>What an agent is. A definition never changes: a change is a new version.</summary>
/// <param name="Instructions">The system message; at most 64 KiB.</param>
/// <param name="Model">The model route by its registered name.</param>
/// <param name="Tools">The tools it may call.</param>
/// <param name="Limits">Where its runs stop.</param>
/// <param name="RiskScope">The highest risk level it may use, 1 (read) to 4 (critical).</param>
/// <param name="DataClasses">The classes of data it handles; each tool and the model must be cleared for all of them.</param>
/// <param name="Context">What the model sees of the conversation.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.agent.definition")]
public sealed record AgentDefinition(
    [property: Id(0)] string Instructions,
    [property: Id(1)] string Model,
    [property: Id(2)] IReadOnlyList<AgentTool> Tools,
    [property: Id(3)] RunLimits Limits,
    [property: Id(4)] RiskLevel RiskScope,
    [property: Id(5)] IReadOnlyList<string> DataClasses,
    [property: Id(6)] ContextWindow Context);
