using System.Collections.Frozen;
using AgentRuntime.Common;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>
/// Checks tokens of the configured issuers: issuer and audience as configured, RS256 or ES256 with the key that the token names, lifetime, and that the
/// issuer may say what the token says.
/// </summary>
internal sealed class IssuerTokenReader : ITokenReader, IDisposable
{
    /// <summary>The longest life of a token that is believed; what a cluster's own tokens for workloads have at most.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = TokenClaims.MaxTokenChars };
    private readonly FrozenDictionary<string, IssuerKeys> _issuers;
    private readonly TimeProvider _time;

    public IssuerTokenReader(IReadOnlyList<TrustedIssuer> issuers, IssuerDocuments documents, TimeProvider time, ILogger<IssuerKeys> log)
    {
        _time = time;
        _issuers = issuers.ToFrozenDictionary(issuer => issuer.Name, issuer => new IssuerKeys(issuer, documents, time, log), StringComparer.Ordinal);
    }

    public bool IsForLoopback => false;

    public async Task<Caller> ReadAsync(string token)
    {
        var (read, issuer) = await ValidateAsync(token, audience: null);
        using var claims = TokenClaims.Of(read);
        return new Caller(PrincipalOf(claims, issuer), new DateTimeOffset(read.ValidTo, TimeSpan.Zero));
    }

    /// <summary>Who has just logged in, as an id token for <paramref name="audience"/> says that must answer <paramref name="nonce"/>.</summary>
    /// <exception cref="AgentRuntimeException">Unauthenticated: the token is not good.</exception>
    public async Task<Principal> ReadIdTokenAsync(string token, TrustedIssuer expected, string audience, string nonce)
    {
        var (read, issuer) = await ValidateAsync(token, audience);
        using var claims = TokenClaims.Of(read);
        if (issuer != expected) throw TokenRefusal.Because("is of another issuer than the one that was asked.");
        if (claims.OptionalText("nonce") != nonce) throw TokenRefusal.Because("answers another login; log in again.");
        return PrincipalOf(claims, issuer);
    }

    /// <summary>What an issuer publishes of itself.</summary>
    /// <exception cref="AgentRuntimeException">Unavailable: it is not to be had.</exception>
    public Task<OpenIdConnectConfiguration> PublishedAsync(TrustedIssuer issuer) => _issuers[issuer.Name].PublishedAsync();

    public void Dispose()
    {
        foreach (var issuer in _issuers.Values) issuer.Dispose();
    }

    private async Task<(JsonWebToken Read, TrustedIssuer Issuer)> ValidateAsync(string token, string? audience)
    {
        TokenClaims.RequireSize(token);
        var unverified = Unverified(token);
        if (!_issuers.TryGetValue(unverified.Issuer, out var keys)) throw TokenRefusal.Because("is of an issuer that this cluster does not know.");
        if (unverified.Kid is not { Length: > 0 } keyId) throw TokenRefusal.Because("names no key (kid).");
        if (unverified.Alg is not (SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.EcdsaSha256)) throw TokenRefusal.Because("is signed with neither RS256 nor ES256.");
        var (key, algorithm) = await keys.FindAsync(keyId);
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = keys.Issuer.Name,
            ValidAudience = audience ?? keys.Issuer.Audience,
            ValidAlgorithms = [algorithm],
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            RequireAudience = true,
            LifetimeValidator = (notBefore, expires, raw, _) => IsAlive(notBefore, expires, raw),
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken read) throw TokenRefusal.Because(Explain(result.Exception));
        TokenClaims.RequirePlainHeader(read);
        return (read, keys.Issuer);
    }

    private JsonWebToken Unverified(string token)
    {
        try
        {
            return _handler.ReadJsonWebToken(token);
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenMalformedException)
        {
            throw TokenRefusal.Because("is no token.");
        }
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken raw)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var from = notBefore ?? ((JsonWebToken)raw).IssuedAt;
        return expires is { } to && from > DateTime.UnixEpoch
            && from <= now + TokenClaims.ClockSkew && now < to + TokenClaims.ClockSkew && to - from <= MaxLifetime;
    }

    private Principal PrincipalOf(TokenClaims claims, TrustedIssuer issuer)
    {
        var subject = claims.Text("sub");
        if (!issuer.VouchesFor(subject)) throw TokenRefusal.Because($"is of a subject that issuer '{issuer.Key}' does not vouch for.");
        var tenant = issuer.TenantClaim.Length > 0 ? claims.Tenant(issuer.TenantClaim) : issuer.OnlyTenant is { } only ? TenantId.Parse(only) : null;
        var roles = issuer.RolesClaim.Length > 0 ? Ours(claims.TextOrTexts(issuer.RolesClaim)) : tenant is null ? [Roles.PlatformOperator] : [.. issuer.Granted];
        if (Array.Find(roles, role => !issuer.Grants(role)) is { } above) throw TokenRefusal.Because($"claims the role {above}, which issuer '{issuer.Key}' may not grant.");
        if (tenant is { } named && !issuer.SpeaksFor(named)) throw TokenRefusal.Because($"claims a tenant that issuer '{issuer.Key}' may not speak for.");
        if (roles.Contains(Roles.PlatformOperator) == tenant.HasValue) throw TokenRefusal.Because("carries either a tenant or the role platform-operator, and not both.");
        return new Principal(issuer.Name, subject, issuer.PersonClaim is { } person ? claims.OptionalText(person) : null, tenant, roles, AuthenticatedAt(claims));
    }

    /// <summary>Whoever does not say when the person logged in says that it is long ago.</summary>
    private DateTimeOffset AuthenticatedAt(TokenClaims claims)
    {
        var said = claims.Time("auth_time") ?? DateTimeOffset.UnixEpoch;
        return said <= _time.GetUtcNow() + TokenClaims.ClockSkew ? said : throw TokenRefusal.Because("its auth_time lies in the future; log in again.");
    }

    private static string[] Ours(string[] roles) => [.. roles.Where(role => role == Roles.PlatformOperator || Roles.OfTenants.Contains(role)).Distinct(StringComparer.Ordinal)];

    private static string Explain(Exception? fault) => fault switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNoExpirationException =>
            $"has expired, is not yet valid or lives longer than {MaxLifetime.TotalHours:0} h; get a new one.",
        SecurityTokenInvalidIssuerException => "is of another issuer.",
        SecurityTokenInvalidAudienceException => "is for another audience; ask for one for this cluster.",
        _ => "its signature does not hold.",
    };
}
