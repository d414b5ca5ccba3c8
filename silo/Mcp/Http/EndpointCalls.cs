using AgentRuntime.Common;
using AgentRuntime.Mcp.Configuration;

namespace AgentRuntime.Mcp.Http;

/// <summary>Whose requests go where.</summary>
/// <param name="Tenant">The tenant whose session it is.</param>
/// <param name="Server">The server's configuration.</param>
/// <param name="Host">Host and port of its URL.</param>
/// <param name="OnPushEnded">Told when the stream on which the server says that something changed has ended.</param>
/// <param name="Time">The clock.</param>
internal sealed record EndpointCalls(TenantId Tenant, McpServerOptions Server, string Host, Action OnPushEnded, TimeProvider Time);
