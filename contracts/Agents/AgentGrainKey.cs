using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>The key of <see cref="IAgentGrain"/>: tenant and agent, so that no key can name another tenant's agent.</summary>
public static class AgentGrainKey
{
    /// <summary>Builds the key.</summary>
    public static string For(TenantId tenant, AgentId agent) => $"{tenant}/{agent}";

    /// <summary>Parses the key.</summary>
    /// <exception cref="InvalidInputException">The key is not tenant/agent.</exception>
    public static (TenantId Tenant, AgentId Agent) Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? throw new InvalidInputException("grain key", "must be tenant/agent.")
            : (TenantId.Parse(key[..slash]), AgentId.Parse(key[(slash + 1)..]));
    }
}
