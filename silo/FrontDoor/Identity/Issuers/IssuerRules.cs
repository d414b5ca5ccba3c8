using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>What the configuration of an issuer must be, each fault with its key and its fix.</summary>
internal static class IssuerRules
{
    public const int MaxIssuers = 32;
    private const int MaxListed = 1_000;
    private const int MaxChars = 1_024;

    public static IEnumerable<string> Problems(IdentityOptions options)
    {
        if (options.Issuers.Count > MaxIssuers)
            yield return $"{IdentityOptions.SectionName}:Issuers names {options.Issuers.Count} issuers; name at most {MaxIssuers}.";
        foreach (var (name, issuer) in options.Issuers)
            foreach (var problem in NameProblems(name).Concat(SourceProblems(issuer)).Concat(ReachProblems(issuer.Tenants, issuer.Roles, issuer.Platform)).Concat(ClaimProblems(issuer)))
                yield return $"{IdentityOptions.SectionName}:Issuers:{name}{problem}";
        var twice = options.Issuers.Where(each => NameOf(each.Value) is not null).GroupBy(each => NameOf(each.Value)!, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
            yield return $"{IdentityOptions.SectionName}:Issuers: {string.Join(" and ", twice.Select(each => each.Key))} are one issuer ('{Shown.Text(twice.Key)}'); make them one entry.";
    }

    /// <summary>What tokens of the issuer call it.</summary>
    public static string? NameOf(IssuerOptions issuer) => issuer.Issuer ?? issuer.Authority;

    /// <summary>Whether keys may be fetched there: nobody on the way may put in keys of their own.</summary>
    public static bool IsSafe(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    private static IEnumerable<string> NameProblems(string name)
    {
        if (!IdFormat.IsValid(name)) yield return $": the name must be 1 to {IdFormat.MaxLength} characters of a-z, 0-9 and '-'.";
    }

    private static IEnumerable<string> SourceProblems(IssuerOptions issuer)
    {
        if (issuer.Authority is null == issuer.JwksUri is null)
            yield return $": needs exactly one of {nameof(issuer.Authority)} and {nameof(issuer.JwksUri)}.";
        foreach (var (key, url) in new[] { (nameof(issuer.Authority), issuer.Authority), (nameof(issuer.JwksUri), issuer.JwksUri) })
        {
            if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && IsSafe(parsed) && parsed.UserInfo.Length == 0 && parsed.Fragment.Length == 0))
                yield return $":{key} is '{Shown.Text(url)}'; it must be an https URL, or http on loopback, without user or fragment.";
        }

        if (issuer.JwksUri is not null && string.IsNullOrEmpty(issuer.Issuer))
            yield return $":{nameof(issuer.Issuer)} is missing; with {nameof(issuer.JwksUri)} set it to the iss of the issuer's tokens.";
        if (string.IsNullOrEmpty(issuer.Audience))
            yield return $":{nameof(issuer.Audience)} is missing; set it to the aud that the issuer puts into tokens for this cluster.";
        foreach (var (key, text) in new[] { (nameof(issuer.Issuer), issuer.Issuer), (nameof(issuer.Audience), issuer.Audience) })
            if (text is { Length: > MaxChars }) yield return $":{key} has {text.Length} characters; at most {MaxChars} are good.";
    }

    /// <summary>What is wrong with how far somebody's word is to go.</summary>
    public static IEnumerable<string> ReachProblems(IList<string> tenants, IList<string> roles, bool isPlatform)
    {
        if (tenants.Any(tenant => tenant != IssuerOptions.AllTenants && !IdFormat.IsValid(tenant)))
            yield return $":{nameof(IssuerOptions.Tenants)} holds what is no tenant; write each as 1 to {IdFormat.MaxLength} characters of a-z, 0-9 and '-', or '{IssuerOptions.AllTenants}' for all.";
        if (roles.FirstOrDefault(role => !Roles.OfTenants.Contains(role)) is { } unknown)
        {
            yield return unknown == Roles.PlatformOperator
                ? $":{nameof(IssuerOptions.Roles)} names {unknown}; leave it out and set {nameof(IssuerOptions.Platform)} to true."
                : $":{nameof(IssuerOptions.Roles)} names '{Shown.Text(unknown)}'; the roles are {string.Join(", ", Roles.OfTenants.Order(StringComparer.Ordinal))}.";
        }

        if (tenants.Count == 0 != (roles.Count == 0))
            yield return $":{nameof(IssuerOptions.Tenants)} and {nameof(IssuerOptions.Roles)} go together; name both, or neither.";
        if (tenants.Count == 0 && !isPlatform)
            yield return $": speaks for nobody; name {nameof(IssuerOptions.Tenants)} and {nameof(IssuerOptions.Roles)}, or set {nameof(IssuerOptions.Platform)} to true.";
        if (tenants.Count > MaxListed) yield return $":{nameof(IssuerOptions.Tenants)} names {tenants.Count}; name at most {MaxListed}.";
    }

    private static IEnumerable<string> ClaimProblems(IssuerOptions issuer)
    {
        if (issuer.TenantClaim.Length == 0 && issuer.Tenants is not ([] or [not IssuerOptions.AllTenants]))
            yield return $":{nameof(issuer.TenantClaim)} is empty, so {nameof(issuer.Tenants)} must name exactly one tenant.";
        if ((issuer.TenantClaim.Length == 0 || issuer.RolesClaim.Length == 0) && issuer.Platform && issuer.Tenants.Count > 0)
            yield return $":{nameof(issuer.Platform)} cannot be true for an issuer of tenants whose tokens do not say tenant and roles; make two entries of two issuers.";
        if (issuer.Subjects.Count > MaxListed) yield return $":{nameof(issuer.Subjects)} names {issuer.Subjects.Count}; name at most {MaxListed}.";
        if (issuer.PersonClaim is "") yield return $":{nameof(issuer.PersonClaim)} is empty; name a claim or leave it out.";
    }
}
