using AgentRuntime.FrontDoor.Identity.AwsProofs;

namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>Who vouches for callers.</summary>
internal sealed class IdentityOptions
{
    public const string SectionName = "FrontDoor:Identity";

    /// <summary>
    /// OpenID Connect issuers by name, <c>[a-z0-9-]{1,64}</c>. Default none: then the development issuer vouches, on loopback only. With one or more
    /// there is no development issuer.
    /// </summary>
    public IDictionary<string, IssuerOptions> Issuers { get; } = new Dictionary<string, IssuerOptions>(StringComparer.Ordinal);

    /// <summary>Roles of IAM by name, <c>[a-z0-9-]{1,64}</c>. Default none. With one or more there is no development issuer.</summary>
    public IDictionary<string, AwsPrincipalOptions> AwsPrincipals { get; } = new Dictionary<string, AwsPrincipalOptions>(StringComparer.Ordinal);

    /// <summary>Which endpoints of AWS STS are asked about callers who are such principals.</summary>
    public StsOptions Sts { get; set; } = new();
}
