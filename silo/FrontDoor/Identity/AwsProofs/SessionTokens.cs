using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>
/// What a caller gets for a proof, so that it need not sign each call: name of the principal, tenant, when it was proven, when it ends, and a MAC over these, the
/// cluster and the role. What the principal may do is looked up again with each call.
/// </summary>
internal sealed class SessionTokens(SessionKey key, AwsPrincipals principals, FrontDoorPlace place, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const int MaxChars = 256;
    private const char Separator = '.';

    public string Issue(AwsPrincipal role, Principal principal)
    {
        var ends = time.GetUtcNow() + Lifetime;
        var said = string.Create(
            CultureInfo.InvariantCulture, $"{role.Key}{Separator}{principal.Tenant?.Value}{Separator}{principal.AuthenticatedAt.ToUnixTimeSeconds()}{Separator}{ends.ToUnixTimeSeconds()}");
        return $"{said}{Separator}{Base64Url.EncodeToString(MacOf(said, role))}";
    }

    /// <exception cref="AgentRuntimeException">Unauthenticated: it is over, or none of this cluster.</exception>
    public Caller Read(string text)
    {
        if (text.Length > MaxChars || text.Split(Separator) is not [var name, var tenant, var proven, var ends, { Length: > 0 } mac] || !Base64Url.IsValid(mac)) throw Refused();
        var role = principals.Named(name) ?? throw Refused();
        var said = text[..^(mac.Length + 1)];
        if (!CryptographicOperations.FixedTimeEquals(MacOf(said, role), Base64Url.DecodeFromChars(mac))) throw Refused();
        var expires = TimeOf(ends);
        if (time.GetUtcNow() >= expires) throw Refused();
        var principal = role.For(tenant.Length == 0 ? null : TenantId.Parse(tenant), TimeOf(proven));
        return new Caller(principal ?? throw Refused(), expires);
    }

    private static DateTimeOffset TimeOf(string seconds) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, NumberStyles.None, CultureInfo.InvariantCulture));

    private static AgentRuntimeException Refused() => TokenRefusal.Because("the session is over or none of this cluster; send a new proof.");

    private byte[] MacOf(string said, AwsPrincipal role) => HMACSHA256.HashData(key.Bytes, Encoding.UTF8.GetBytes($"session\n{place.ClusterId}\n{role.RoleArn}\n{said}"));
}
