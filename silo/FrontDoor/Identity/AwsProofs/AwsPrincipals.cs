using System.Collections.Frozen;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity.Issuers;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>The roles of IAM that may call, and the endpoints of STS that say who has assumed them.</summary>
internal sealed class AwsPrincipals
{
    private readonly FrozenDictionary<string, AwsPrincipal> _byRole;
    private readonly FrozenDictionary<string, AwsPrincipal> _byKey;
    private readonly FrozenDictionary<string, string> _regions;

    private AwsPrincipals(IdentityOptions options)
    {
        var all = options.AwsPrincipals.Select(each => new AwsPrincipal(each.Key, each.Value)).ToList();
        _byKey = all.ToFrozenDictionary(each => each.Key, StringComparer.Ordinal);
        _byRole = all.ToFrozenDictionary(each => AwsArn.OfRole(each.RoleArn)!, StringComparer.Ordinal);
        _regions = StsHosts.Of(options.Sts).ToFrozenDictionary(StringComparer.Ordinal);
        Endpoint = options.Sts.Endpoint;
    }

    public int Count => _byKey.Count;

    /// <summary>Asked in place of every host, on loopback; null asks AWS.</summary>
    public Uri? Endpoint { get; }

    /// <summary>The region for which requests to a host of STS are signed; null when it may not be asked.</summary>
    public string? RegionOf(string host) => _regions.GetValueOrDefault(host);

    public AwsPrincipal? OfSession(string arn, string account) => AwsArn.OfSession(arn, account) is { } role ? _byRole.GetValueOrDefault(role) : null;

    public AwsPrincipal? Named(string key) => _byKey.GetValueOrDefault(key);

    /// <exception cref="AgentRuntimeException">InvalidArgument: a setting is wrong; the message names the key and the fix.</exception>
    public static AwsPrincipals Read(IdentityOptions options)
    {
        var problems = AwsPrincipalRules.Problems(options).ToList();
        return problems.Count == 0 ? new AwsPrincipals(options) : throw new AgentRuntimeException(ErrorCode.InvalidArgument, string.Join(' ', problems));
    }
}
