using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>What one version of a tool may be used for.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="ContractHash">Hash of the version, 64 hex digits.</param>
/// <param name="Risk">Its risk level.</param>
/// <param name="DataClasses">The classes of data it may see.</param>
/// <param name="IsPublished">Whether a second person has published it.</param>
/// <param name="BlockedReason">Why it is blocked; null when it is not.</param>
internal sealed record ToolClearance(
    string Tool, string ContractHash, RiskLevel Risk, IReadOnlyList<string> DataClasses, bool IsPublished, string? BlockedReason);
