using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>The key of <see cref="ITenantGrain"/>: the tenant.</summary>
public static class TenantGrainKey
{
    /// <summary>Builds the key.</summary>
    public static string For(TenantId tenant) => tenant.Value;

    /// <summary>Parses the key.</summary>
    /// <exception cref="InvalidInputException">The key is not a tenant id.</exception>
    public static TenantId Parse(string key) => TenantId.Parse(key);
}
