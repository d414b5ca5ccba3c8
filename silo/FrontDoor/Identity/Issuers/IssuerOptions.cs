namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>One OpenID Connect issuer and how far its word goes.</summary>
internal sealed class IssuerOptions
{
    /// <summary>Stands in <see cref="Tenants"/> for all tenants, those to come included.</summary>
    public const string AllTenants = "*";

    /// <summary>The issuer's URL. Its keys are found through <c>/.well-known/openid-configuration</c> there, which must name this very issuer. Either this or <see cref="JwksUri"/>.</summary>
    public string? Authority { get; set; }

    /// <summary>Where the issuer's keys are (RFC 7517), for issuers that are not asked for it. https, or http on loopback; the same holds for <see cref="Authority"/>.</summary>
    public string? JwksUri { get; set; }

    /// <summary>What <c>iss</c> of its tokens says, character for character. Default: <see cref="Authority"/>. Required with <see cref="JwksUri"/>.</summary>
    public string? Issuer { get; set; }

    /// <summary>What <c>aud</c> of its tokens must hold. Required.</summary>
    public string? Audience { get; set; }

    /// <summary>Tenants that it may speak for; <c>*</c> is all. Default none.</summary>
    public IList<string> Tenants { get; } = [];

    /// <summary>Roles within a tenant that it may grant. Default none. A token that claims one more is refused.</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>Subjects (<c>sub</c>) that it may vouch for. Default: all. For clusters whose every workload can get a token, such as Kubernetes.</summary>
    public IList<string> Subjects { get; } = [];

    /// <summary>Whether it may name platform operators. Default no.</summary>
    public bool Platform { get; set; }

    /// <summary>The claim with the tenant. Default <c>tenant</c>. Empty: tokens do not say, and mean the only one in <see cref="Tenants"/>.</summary>
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>The claim with the roles, a list of texts or one text. Default <c>roles</c>; roles of other systems in it are passed over. Empty: every token has all of <see cref="Roles"/>.</summary>
    public string RolesClaim { get; set; } = "roles";

    /// <summary>The claim with the person's lasting name, for example <c>email</c>. Default none: all its subjects are services, which cannot approve.</summary>
    public string? PersonClaim { get; set; }
}
