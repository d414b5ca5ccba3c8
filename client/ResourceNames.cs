namespace AgentRuntime.Client;

/// <summary>Makes whole names of resources from what a caller gave: a whole name, or an id where the tenant is known.</summary>
internal sealed class ResourceNames(string? tenant)
{
    private const string Root = "tenants/";

    /// <summary><c>tenants/{tenant}</c>.</summary>
    /// <exception cref="ArgumentException">No tenant is known.</exception>
    public string Parent => tenant is null ? throw Unknown("parent") : $"{Root}{tenant}";

    /// <summary>The whole name of a resource.</summary>
    /// <exception cref="ArgumentException">An id was given and no tenant is known.</exception>
    public string Of(string collection, string given)
    {
        ArgumentException.ThrowIfNullOrEmpty(given);
        if (given.StartsWith(Root, StringComparison.Ordinal)) return given;
        return tenant is null ? throw Unknown(given) : $"{Root}{tenant}/{collection}/{given}";
    }

    /// <summary>The <c>tenants/{tenant}</c> of a whole name.</summary>
    public static string ParentOf(string name)
    {
        var end = name.IndexOf('/', Root.Length);
        return end < 0 ? name : name[..end];
    }

    /// <summary>The id at the end of a whole name.</summary>
    public static string IdOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static ArgumentException Unknown(string given) =>
        new($"'{given}' does not say of which tenant: give the whole name (tenants/TENANT/...), or set {nameof(AgentRuntimeClientOptions)}.{nameof(AgentRuntimeClientOptions.Tenant)}.");
}
