using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>A tenant as it is now.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="SuspendedReason">Why it is suspended; null when it is not.</param>
/// <param name="Etag">Changes with every write.</param>
/// <param name="CreatedAt">When it was created (UTC).</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tenant.view")]
public sealed record TenantView(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] TenantSettings Settings,
    [property: Id(2)] string? SuspendedReason,
    [property: Id(3)] string Etag,
    [property: Id(4)] DateTimeOffset CreatedAt);
