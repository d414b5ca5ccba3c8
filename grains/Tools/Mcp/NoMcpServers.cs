using AgentRuntime.Common;

namespace AgentRuntime.Tools.Mcp;

/// <summary>A host without MCP servers: every contract that needs one is refused.</summary>
internal sealed class NoMcpServers : IMcpServers
{
    public McpServerPlace? Find(TenantId tenant, string server) => null;
}
