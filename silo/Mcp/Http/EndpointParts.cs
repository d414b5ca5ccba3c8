using AgentRuntime.Tenants;
using AgentRuntime.Tools.Http;
using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Mcp.Http;

/// <summary>What every request to an endpoint goes through.</summary>
internal sealed record EndpointParts(HttpTransport Transport, EgressGuard Guard, TenantDirectory Tenants);
