using AgentRuntime.Common;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Mcp;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Mcp.Configuration;

/// <summary>The configured servers as contracts and calls see them.</summary>
internal sealed class McpServers(IOptions<McpOptions> options) : IMcpServers
{
    public McpServerPlace? Find(TenantId tenant, string server) => Options(tenant, server) is { } found
        ? new McpServerPlace(found.Url is null ? null : EgressUrl.Parse(found.Url, "Url"))
        : null;

    /// <summary>The server's configuration.</summary>
    /// <exception cref="AgentRuntimeException">NotFound: there is none that the tenant may use.</exception>
    public McpServerOptions Require(TenantId tenant, string server) => Options(tenant, server) ?? throw McpContractRules.Unknown(server);

    private McpServerOptions? Options(TenantId tenant, string server) =>
        options.Value.Servers.TryGetValue(server, out var found) && found.Admits(tenant.Value) ? found : null;
}
