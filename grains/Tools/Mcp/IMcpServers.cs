using AgentRuntime.Common;

namespace AgentRuntime.Tools.Mcp;

/// <summary>The MCP servers that the platform's configuration names. Only there stands what runs or where it is.</summary>
internal interface IMcpServers
{
    /// <summary>The server, or null when there is none of this name that the tenant may use.</summary>
    McpServerPlace? Find(TenantId tenant, string server);
}
