using AgentRuntime.Common;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>Checks tokens of the development issuer: issuer, audience, ES256 and nothing else, lifetime, and the shape of every claim.</summary>
internal sealed class DevTokenReader(DevIssuer issuer, TimeProvider time) : ITokenReader
{
    /// <summary>agentctl signs for 15 minutes; more is no token of ours.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(15);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = TokenClaims.MaxTokenChars };

    /// <summary>The development issuer is no protection against a network.</summary>
    public bool IsForLoopback => true;

    public async Task<Caller> ReadAsync(string token)
    {
        TokenClaims.RequireSize(token);
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Name,
            ValidAudience = issuer.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKey = issuer.Key,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            RequireAudience = true,
            LifetimeValidator = (notBefore, expires, _, _) => IsAlive(notBefore, expires),
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken read) throw TokenRefusal.Because(Explain(result.Exception));
        using var claims = TokenClaims.Of(read);
        var authenticatedAt = claims.Time("auth_time") ?? throw TokenRefusal.Because("its claim auth_time is missing.");
        if (authenticatedAt > time.GetUtcNow() + TokenClaims.ClockSkew) throw TokenRefusal.Because("its auth_time lies in the future; log in again.");
        claims.Text("jti");
        var principal = new Principal(
            issuer.Name, claims.Text("sub"), claims.OptionalText("person"), claims.Tenant("tenant"), claims.Texts("roles"), authenticatedAt);
        if (principal.Has(Roles.PlatformOperator) == principal.Tenant.HasValue)
        {
            throw TokenRefusal.Because("carries either a tenant or the role platform-operator, and not both.");
        }

        return new Caller(principal, new DateTimeOffset(read.ValidTo, TimeSpan.Zero));
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return notBefore is { } from && expires is { } to
            && from <= now + TokenClaims.ClockSkew && now < to + TokenClaims.ClockSkew && to - from <= MaxLifetime;
    }

    private static string Explain(Exception? fault) => fault switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException => "has expired, is not yet valid or lives too long; sign a new one.",
        SecurityTokenInvalidIssuerException => "is of another issuer; log in to this cluster.",
        SecurityTokenInvalidAudienceException => "is for another cluster; log in to this one.",
        _ => "does not hold; log in to this cluster again.",
    };
}
