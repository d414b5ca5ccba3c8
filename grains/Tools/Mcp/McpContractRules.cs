using AgentRuntime.Common;
using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Tools.Mcp;

/// <summary>What the mcp part of a contract may hold: a name and a hash, never anything that is run or reached.</summary>
internal static class McpContractRules
{
    /// <summary>Characters of a server's name: it begins the ids of its tools.</summary>
    public const int MaxServerChars = 32;

    public const string NameAServer = "name a server of the platform's configuration (Mcp:Servers); what it runs or where it is stands only there.";

    /// <summary>What would make a contract say what is run or reached.</summary>
    public static IReadOnlyList<string> LaunchKeys { get; } = ["command", "args", "argv", "env", "cwd", "workingDirectory", "uid", "url", "headers"];

    /// <exception cref="InvalidInputException">The part is no server's name and entry hash.</exception>
    public static void Check(McpInvoker mcp)
    {
        RequireName(mcp.Server, "invoker.server");
        if (mcp.EntryHash is not { Length: 64 } || !mcp.EntryHash.All(char.IsAsciiHexDigitLower))
            throw new InvalidInputException("invoker.entry", "must be the 64 hex digits of the server's entry, as importing shows them.");
    }

    /// <exception cref="InvalidInputException">It is no server's name.</exception>
    public static string RequireName(string? server, string field) => server is { Length: <= MaxServerChars } && IdFormat.IsValid(server)
        ? server
        : throw new InvalidInputException(field, $"must be 1 to {MaxServerChars} characters of a-z, 0-9 and '-', never a command or URL: {NameAServer}");

    /// <summary>Requires that the tenant may use the contract's server and that the contract says which host that reaches.</summary>
    /// <exception cref="AgentRuntimeException">NotFound: no such server. InvalidArgument: its host is missing in the egress hosts.</exception>
    public static void RequireServer(ToolContract contract, TenantId tenant, IMcpServers servers)
    {
        if (contract.Invoker is not McpInvoker mcp)
            return;
        var place = servers.Find(tenant, mcp.Server) ?? throw Unknown(mcp.Server);
        if (place.Endpoint is { } endpoint && !HostRules.Parse(contract.EgressHosts, "egressHosts").Covers(endpoint.Target))
            throw new InvalidInputException("egressHosts", $"must name '{endpoint.Target}', where MCP server '{mcp.Server}' is reached.");
    }

    public static AgentRuntimeException Unknown(string server) => new(
        ErrorCode.NotFound, $"MCP server '{server}' is not configured for this tenant; the platform's operator adds it to Mcp:Servers.");
}
