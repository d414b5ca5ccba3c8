using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>Which tenants a cluster has.</summary>
internal interface ITenantAdmission
{
    /// <summary>Makes sure that the cluster takes a tenant that is about to be created. Durable: it goes on taking this one.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: the cluster has another tenant and takes no second.</exception>
    Task AdmitAsync(TenantId tenant);

    /// <summary>Makes sure that a caller's tenant may be here at all, created or not.</summary>
    /// <exception cref="AgentRuntimeException">PermissionDenied: the cluster serves another tenant, or none yet.</exception>
    void Require(TenantId tenant);
}
