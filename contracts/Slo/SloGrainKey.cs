using AgentRuntime.Common;

namespace AgentRuntime.Slo;

/// <summary>The key of <see cref="ISloGrain"/>: the tenant.</summary>
public static class SloGrainKey
{
    /// <summary>Builds the key.</summary>
    public static string For(TenantId tenant) => tenant.Value;

    /// <summary>Parses the key.</summary>
    /// <exception cref="InvalidInputException">The key is not a tenant id.</exception>
    public static TenantId Parse(string key) => TenantId.Parse(key);
}
