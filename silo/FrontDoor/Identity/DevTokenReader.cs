using System.Text.Json;
using AgentRuntime.Common;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>Checks tokens of the development issuer: issuer, audience, ES256 and nothing else, lifetime, and the shape of every claim.</summary>
internal sealed class DevTokenReader(DevIssuer issuer, TimeProvider time)
{
    /// <summary>agentctl signs for 15 minutes; more is no token of ours.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
    private const int MaxTokenChars = 8 * 1024;
    private const int MaxRoles = 16;
    private const long MaxUnixSeconds = 253_402_300_799;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxTokenChars };

    public async Task<Caller> ReadAsync(string token)
    {
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
        if (!result.IsValid || result.SecurityToken is not JsonWebToken read) throw Refused(Explain(result.Exception));
        using var payload = Payload(read);
        var claims = payload.RootElement;
        var now = time.GetUtcNow();
        var authenticatedAt = AuthTime(claims);
        if (authenticatedAt > now + ClockSkew) throw Refused("its auth_time lies in the future; log in again.");
        Text(claims, "jti");
        var principal = new Principal(issuer.Name, Text(claims, "sub"), OptionalText(claims, "person"), Tenant(claims), RolesOf(claims), authenticatedAt);
        if (principal.Has(Roles.PlatformOperator) == principal.Tenant.HasValue)
        {
            throw Refused("carries either a tenant or the role platform-operator, and not both.");
        }

        return new Caller(principal, new DateTimeOffset(read.ValidTo, TimeSpan.Zero));
    }

    // What the library makes of claims depends on their names and values; the text itself does not.
    private static JsonDocument Payload(JsonWebToken token)
    {
        try
        {
            return JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload), Strict);
        }
        catch (JsonException)
        {
            throw Refused("has a claim twice, or too deep.");
        }
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return notBefore is { } from && expires is { } to && from <= now + ClockSkew && now < to + ClockSkew && to - from <= MaxLifetime;
    }

    private static DateTimeOffset AuthTime(JsonElement claims) =>
        claims.TryGetProperty("auth_time", out var claim) && claim.ValueKind == JsonValueKind.Number && claim.TryGetInt64(out var seconds)
        && seconds is >= 0 and <= MaxUnixSeconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw Refused("its claim auth_time is missing or no time.");

    private static TenantId? Tenant(JsonElement claims) =>
        OptionalText(claims, "tenant") is not { } tenant ? null
        : IdFormat.IsValid(tenant) ? TenantId.Parse(tenant)
        : throw Refused("its tenant is no id of a-z, 0-9 and '-'.");

    private static string[] RolesOf(JsonElement claims)
    {
        if (!claims.TryGetProperty("roles", out var roles) || roles.ValueKind != JsonValueKind.Array || roles.GetArrayLength() > MaxRoles)
        {
            throw Refused($"its claim roles is no list of at most {MaxRoles}.");
        }

        return [.. roles.EnumerateArray().Select(role => role.ValueKind == JsonValueKind.String ? role.GetString()! : throw Refused("a role is no text."))];
    }

    private static string Text(JsonElement claims, string name) => OptionalText(claims, name) ?? throw Refused($"its claim {name} is missing.");

    private static string? OptionalText(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var claim)) return null;
        var text = claim.ValueKind == JsonValueKind.String ? claim.GetString()! : throw Refused($"its claim {name} is no text.");
        return ClaimText.IsValid(text) ? text : throw Refused($"its claim {name} {ClaimText.Rule}");
    }

    private static string Explain(Exception? fault) => fault switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException => "has expired, is not yet valid or lives too long; sign a new one.",
        SecurityTokenInvalidIssuerException => "is of another issuer; log in to this cluster.",
        SecurityTokenInvalidAudienceException => "is for another cluster; log in to this one.",
        _ => "does not hold; log in to this cluster again.",
    };

    private static AgentRuntimeException Refused(string message) => new(ErrorCode.Unauthenticated, $"credential: {message}");
}
