using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>The key of <see cref="IToolGrain"/>: tenant and tool, so that no key can name another tenant's tool.</summary>
public static class ToolGrainKey
{
    /// <summary>Builds the key.</summary>
    public static string For(TenantId tenant, ToolId tool) => $"{tenant}/{tool}";

    /// <summary>Parses the key.</summary>
    /// <exception cref="InvalidInputException">The key is not tenant/tool.</exception>
    public static (TenantId Tenant, ToolId Tool) Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? throw new InvalidInputException("grain key", "must be tenant/tool.")
            : (TenantId.Parse(key[..slash]), ToolId.Parse(key[(slash + 1)..]));
    }
}
