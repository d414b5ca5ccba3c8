using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Aws.Isolation;

/// <summary>
/// Credentials for each tenant: sessions of one role, each with the tenant as its tag, to which policies of that role can bind keys. They live in memory alone.
/// </summary>
/// <param name="role">The role's ARN.</param>
/// <param name="sts">Asked with the process's own credentials.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears of sessions that are not given.</param>
internal sealed partial class TenantSessions(string role, IAmazonSecurityTokenService sts, TimeProvider time, ILogger<TenantSessions> log) : IDisposable
{
    /// <summary>Sessions that are kept; of more, the one that was not used longest goes.</summary>
    public const int MaxKept = 1_024;

    /// <summary>The tag that names the tenant.</summary>
    public const string Tag = "tenant";

    // AWS's limit for a role that is assumed by a session of another.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, TenantSession> _sessions = new(StringComparer.Ordinal);

    /// <exception cref="NoTenantSessionException">There is none.</exception>
    /// <exception cref="ForeignTenantException">No session can have the tenant's name as its tag.</exception>
    public ValueTask<AWSCredentials> GetAsync(string tenant, CancellationToken cancellation) =>
        (_sessions.TryGetValue(tenant, out var session) ? session : Add(tenant)).GetAsync(cancellation);

    /// <summary>Forgets the session of a tenant if these are its credentials.</summary>
    public void Drop(string tenant, AWSCredentials credentials)
    {
        if (_sessions.TryGetValue(tenant, out var session)) session.Drop(credentials);
    }

    public void Dispose() => sts.Dispose();

    private TenantSession Add(string tenant)
    {
        if (!Taggable().IsMatch(tenant)) throw new ForeignTenantException("STS", nameof(sts.AssumeRoleAsync), $"the name of tenant '{tenant}' cannot be the tag of a session as it is in keys");
        var added = _sessions.GetOrAdd(tenant, each => new TenantSession(each, BeginAsync, time));
        while (_sessions.Count > MaxKept)
        {
            var oldest = _sessions.Where(each => each.Value != added).MinBy(static each => each.Value.UsedAt);
            _sessions.TryRemove(oldest);
        }

        return added;
    }

    private async Task<SessionKeys> BeginAsync(string tenant)
    {
        try
        {
            var response = await sts.AssumeRoleAsync(new AssumeRoleRequest
            {
                RoleArn = role,
                RoleSessionName = NameOf(tenant),
                DurationSeconds = (int)Lifetime.TotalSeconds,
                Tags = [new Tag { Key = Tag, Value = tenant }],
            });
            var keys = response.Credentials;
            return new SessionKeys(new SessionAWSCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken), keys.Expiration!.Value.ToUniversalTime());
        }
        catch (Exception failure)
        {
            LogNotGiven(failure, role, tenant);
            throw;
        }
    }

    // Names of sessions are shorter than those of tenants may be. They are for people who read logs of AWS; the tag is what counts.
    private static string NameOf(string tenant) =>
        SessionName().IsMatch(tenant) ? tenant : $"tenant-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)).AsSpan(0, 16))}";

    // What AWS takes in a tag and keys hold unchanged.
    [GeneratedRegex(@"^[a-zA-Z0-9_.:=+@\-]{1,256}\z")]
    private static partial Regex Taggable();

    [GeneratedRegex(@"^[a-zA-Z0-9_=,.@+\-]{2,64}\z")]
    private static partial Regex SessionName();

    [LoggerMessage(1, LogLevel.Warning, "AWS STS gave no session of {Role} for tenant {Tenant}. Requests for that tenant fail until it does, unless an earlier session is still good.")]
    private partial void LogNotGiven(Exception failure, string role, string tenant);
}
