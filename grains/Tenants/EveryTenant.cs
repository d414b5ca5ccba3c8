using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>A cluster of many tenants.</summary>
internal sealed class EveryTenant : ITenantAdmission
{
    public Task AdmitAsync(TenantId tenant) => Task.CompletedTask;

    public void Require(TenantId tenant)
    {
    }
}
