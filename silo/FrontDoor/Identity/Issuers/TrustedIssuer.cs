using System.Collections.Frozen;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>An issuer of the configuration, found good, and how far its word goes.</summary>
internal sealed class TrustedIssuer
{
    private readonly FrozenSet<string> _tenants;
    private readonly FrozenSet<string> _subjects;

    private TrustedIssuer(string key, IssuerOptions options)
    {
        Key = key;
        Name = IssuerRules.NameOf(options)!;
        Audience = options.Audience!;
        Authority = options.Authority;
        JwksUri = options.JwksUri is { } uri ? new Uri(uri) : null;
        Platform = options.Platform;
        TenantClaim = options.TenantClaim;
        RolesClaim = options.RolesClaim;
        PersonClaim = options.PersonClaim;
        _tenants = options.Tenants.ToFrozenSet(StringComparer.Ordinal);
        _subjects = options.Subjects.ToFrozenSet(StringComparer.Ordinal);
        Granted = options.Roles.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>What the configuration calls it.</summary>
    public string Key { get; }

    /// <summary>What its tokens call it.</summary>
    public string Name { get; }

    public string Audience { get; }

    public string? Authority { get; }

    public Uri? JwksUri { get; }

    public bool Platform { get; }

    public string TenantClaim { get; }

    public string RolesClaim { get; }

    public string? PersonClaim { get; }

    /// <summary>The roles within a tenant that it may grant.</summary>
    public FrozenSet<string> Granted { get; }

    /// <summary>The tenant of tokens that name none.</summary>
    public string? OnlyTenant => TenantClaim.Length == 0 && _tenants.Count == 1 ? _tenants.Items[0] : null;

    public bool SpeaksFor(TenantId tenant) => _tenants.Contains(tenant.Value) || _tenants.Contains(IssuerOptions.AllTenants);

    public bool VouchesFor(string subject) => _subjects.Count == 0 || _subjects.Contains(subject);

    public bool Grants(string role) => role == Roles.PlatformOperator ? Platform : Granted.Contains(role);

    /// <summary>The issuers of the configuration.</summary>
    /// <exception cref="AgentRuntimeException">InvalidArgument: a setting is wrong; the message names the key and the fix.</exception>
    public static IReadOnlyList<TrustedIssuer> Read(IdentityOptions options)
    {
        var problems = IssuerRules.Problems(options).ToList();
        if (problems.Count > 0) throw new AgentRuntimeException(ErrorCode.InvalidArgument, string.Join(' ', problems));
        return [.. options.Issuers.Select(each => new TrustedIssuer(each.Key, each.Value))];
    }
}
