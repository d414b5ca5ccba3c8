using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity.Issuers;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>What the configuration of AWS principals must be, each fault with its key and its fix.</summary>
internal static class AwsPrincipalRules
{
    private const int MaxPrincipals = 256;
    private const int MaxHosts = 64;
    private const string Section = $"{IdentityOptions.SectionName}:{nameof(IdentityOptions.AwsPrincipals)}";
    private const string Sts = $"{IdentityOptions.SectionName}:{nameof(IdentityOptions.Sts)}";

    public static IEnumerable<string> Problems(IdentityOptions options)
    {
        if (options.AwsPrincipals.Count > MaxPrincipals) yield return $"{Section} names {options.AwsPrincipals.Count} principals; name at most {MaxPrincipals}.";
        foreach (var (name, principal) in options.AwsPrincipals)
            foreach (var problem in PrincipalProblems(name, principal))
                yield return $"{Section}:{name}{problem}";
        var twice = options.AwsPrincipals.Where(each => RoleOf(each.Value) is not null).GroupBy(each => RoleOf(each.Value)!, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null) yield return $"{Section}: {string.Join(" and ", twice.Select(each => each.Key))} are one role; make them one entry.";
        if (options.Issuers.FirstOrDefault(each => IssuerRules.NameOf(each.Value) == AwsPrincipal.Issuer).Key is { } posing)
            yield return $"{IdentityOptions.SectionName}:Issuers:{posing} has the name {AwsPrincipal.Issuer}, which stands for AWS; take the issuer's own.";
        foreach (var problem in StsProblems(options.Sts)) yield return problem;
    }

    private static string? RoleOf(AwsPrincipalOptions principal) => AwsArn.OfRole(principal.Role ?? "");

    private static IEnumerable<string> PrincipalProblems(string name, AwsPrincipalOptions principal)
    {
        if (!IdFormat.IsValid(name)) yield return $": the name must be 1 to {IdFormat.MaxLength} characters of a-z, 0-9 and '-'.";
        if (RoleOf(principal) is null) yield return $":{nameof(principal.Role)} is '{Shown.Text(principal.Role ?? "")}'; give the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME.";
        foreach (var problem in IssuerRules.ReachProblems(principal.Tenants, principal.Roles, principal.Platform)) yield return problem;
        if (principal.Platform && principal.Tenants.Count > 0) yield return $":{nameof(principal.Platform)} cannot be true for a role that speaks for tenants; take two roles.";
    }

    private static IEnumerable<string> StsProblems(StsOptions sts)
    {
        if (sts.Regions.Count + sts.Hosts.Count > MaxHosts) yield return $"{Sts} names more than {MaxHosts} hosts and regions; name those that callers use.";
        if (sts.Regions.FirstOrDefault(region => !StsHosts.IsRegion(region)) is { } unknown)
            yield return $"{Sts}:{nameof(sts.Regions)} names '{Shown.Text(unknown)}'; give regions such as eu-central-1, of the partitions aws, aws-cn or aws-us-gov.";
        if (sts.Hosts.FirstOrDefault(host => StsHosts.RegionOf(host) is null) is { } foreign)
            yield return $"{Sts}:{nameof(sts.Hosts)} names '{Shown.Text(foreign)}'; give hosts of AWS STS such as sts-fips.us-east-1.amazonaws.com.";
        if (sts.Endpoint is { } endpoint && !IsStandIn(endpoint))
            yield return $"{Sts}:{nameof(sts.Endpoint)} is '{Shown.Text(endpoint.OriginalString)}'; it is for stand-ins, such as http://127.0.0.1:5000. Leave it out to ask AWS.";
    }

    private static bool IsStandIn(Uri endpoint) =>
        endpoint is { IsAbsoluteUri: true, IsLoopback: true, AbsolutePath: "/", Query: "", UserInfo: "", Fragment: "" } && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps);
}
