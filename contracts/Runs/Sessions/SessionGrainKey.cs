using AgentRuntime.Common;

namespace AgentRuntime.Runs.Sessions;

/// <summary>The key of <see cref="ISessionGrain"/>: tenant and session, so that no key can name another tenant's session.</summary>
public static class SessionGrainKey
{
    /// <summary>Builds the key.</summary>
    public static string For(TenantId tenant, SessionId session) => $"{tenant}/{session}";

    /// <summary>Parses the key.</summary>
    /// <exception cref="InvalidInputException">The key is not tenant/session.</exception>
    public static (TenantId Tenant, SessionId Session) Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? throw new InvalidInputException("grain key", "must be tenant/session.")
            : (TenantId.Parse(key[..slash]), SessionId.Parse(key[(slash + 1)..]));
    }
}
