namespace AgentRuntime.Agents;

/// <summary>A tool that a definition names, pinned to one contract.</summary>
/// <param name="Tool">The tool id.</param>
/// <param name="ContractHash">The contract's hash (64 hex digits). Empty in a manifest means the published one; a stored version always has it.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.agent.tool")]
public sealed record AgentTool([property: Id(0)] string Tool, [property: Id(1)] string ContractHash);
