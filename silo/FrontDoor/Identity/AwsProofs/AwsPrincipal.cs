using System.Collections.Frozen;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity.Issuers;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>A role of IAM in the configuration, found good.</summary>
internal sealed class AwsPrincipal
{
    /// <summary>Stands for AWS where others have the URL of an issuer.</summary>
    public const string Issuer = "urn:agentruntime:aws";

    private readonly FrozenSet<string> _tenants;
    private readonly string[] _roles;

    public AwsPrincipal(string key, AwsPrincipalOptions options)
    {
        (Key, RoleArn) = (key, options.Role!);
        _tenants = options.Tenants.ToFrozenSet(StringComparer.Ordinal);
        _roles = options.Platform ? [Roles.PlatformOperator] : [.. options.Roles.Distinct(StringComparer.Ordinal)];
        IsPlatform = options.Platform;
    }

    /// <summary>What the configuration calls it.</summary>
    public string Key { get; }

    public string RoleArn { get; }

    private bool IsPlatform { get; }

    /// <summary>Who speaks, for the tenant that is named or else for the only one; null when it may not.</summary>
    public Principal? For(TenantId? named, DateTimeOffset authenticatedAt)
    {
        if (IsPlatform) return named is null ? new Principal(Issuer, RoleArn, Person: null, Tenant: null, _roles, authenticatedAt) : null;
        var tenant = named ?? (_tenants.Count == 1 && !_tenants.Contains(IssuerOptions.AllTenants) ? TenantId.Parse(_tenants.Items[0]) : null);
        return tenant is { } meant && (_tenants.Contains(meant.Value) || _tenants.Contains(IssuerOptions.AllTenants))
            ? new Principal(Issuer, RoleArn, Person: null, meant, _roles, authenticatedAt)
            : null;
    }
}
