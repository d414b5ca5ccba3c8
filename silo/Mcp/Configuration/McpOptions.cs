namespace AgentRuntime.Mcp.Configuration;

/// <summary>The MCP servers of the platform. Nothing but this configuration says what is run or where it is.</summary>
internal sealed class McpOptions
{
    public const string SectionName = "Mcp";

    /// <summary>Servers by name: <c>[a-z0-9-]{1,32}</c>. Default none. A tool's id begins with the name of its server.</summary>
    public IDictionary<string, McpServerOptions> Servers { get; } = new Dictionary<string, McpServerOptions>(StringComparer.Ordinal);

    /// <summary>
    /// Processes and sessions that this silo has at once; each tenant has its own of each server. 1 to 1,000, default 64. More needs memory: a
    /// Node.js server takes about 60 MB.
    /// </summary>
    public int MaxConnections { get; set; } = 64;
}
