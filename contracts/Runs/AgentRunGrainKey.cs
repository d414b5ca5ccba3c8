using AgentRuntime.Common;

namespace AgentRuntime.Runs;

/// <summary>The key of <see cref="IAgentRunGrain"/>: tenant and run, so that no key can name another tenant's run.</summary>
public static class AgentRunGrainKey
{
    /// <summary>Builds the key.</summary>
    public static string For(TenantId tenant, RunId run) => $"{tenant}/{run}";

    /// <summary>Parses the key.</summary>
    /// <exception cref="InvalidInputException">The key is not tenant/run.</exception>
    public static (TenantId Tenant, RunId Run) Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? throw new InvalidInputException("grain key", "must be tenant/run.")
            : (TenantId.Parse(key[..slash]), RunId.Parse(key[(slash + 1)..]));
    }
}
