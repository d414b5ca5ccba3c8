using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Tools.Mcp;

/// <summary>What a contract has to know of a server.</summary>
/// <param name="Endpoint">Where it is reached over HTTP; null when it is a process of the silo.</param>
internal sealed record McpServerPlace(EgressUrl? Endpoint);
