using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>Says how much harm a method can do as a tool. Without it the method is not accepted and the host does not start.</summary>
/// <param name="risk">How much harm it can do. A contract may say more, never less.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolRiskAttribute(RiskLevel risk) : Attribute
{
    /// <summary>How much harm it can do.</summary>
    public RiskLevel Risk { get; } = risk;
}
