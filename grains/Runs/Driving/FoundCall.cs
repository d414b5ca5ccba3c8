using AgentRuntime.Runs.Records;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>What a requested call refers to.</summary>
/// <param name="Tool">The tool as it stands now; null when the run has none of this name.</param>
/// <param name="Answer">What stands for the call in a fork that is not live; null when the call is to be made.</param>
internal readonly record struct FoundCall(PreparedTool? Tool, ToolReturned? Answer);
