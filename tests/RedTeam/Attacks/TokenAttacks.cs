using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentRuntime.RedTeam.Targets;
using AgentRuntime.Testing;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Tokens that no trusted issuer has signed so. The twin is the token that it would have signed.</summary>
internal static class TokenAttacks
{
    public static IEnumerable<Attack> Against(Target target)
    {
        yield return Claim(target, "expired", "has expired", claims => (claims["iat"], claims["exp"]) = (Now() - 7_200, Now() - 3_600));
        yield return Claim(target, "not-yet-valid", "not yet valid", claims => claims["nbf"] = Now() + 3_600);
        yield return Claim(target, "lives-for-ever", "lives longer", claims => claims["exp"] = Now() + 100_000_000);
        yield return Claim(target, "without-end", "has expired", claims => claims.Remove("exp"));
        yield return Token(target, "forged-claims", "its signature does not hold", _ => Forged(target));
        yield return Token(target, "forged-key", "its signature does not hold", claims => IssuerKey.Rsa(target.Acme.Current.Id).Sign(claims));
        yield return Token(target, "forged-key-in-header", "its signature does not hold", claims => KeyInHeader(target, claims));
        foreach (var none in new[] { "none", "None", "NONE", "nOnE" })
            yield return Token(target, $"alg-{none}", "neither RS256 nor ES256", claims => Unsigned(target, none, claims));
        yield return Token(target, "hmac-with-public-key", "neither RS256 nor ES256", claims => Hmac(target, "HS256", claims));
        yield return Token(target, "hmac-called-rs256", "its signature does not hold", claims => Hmac(target, "RS256", claims));
        yield return Token(target, "other-algorithm-of-the-key", "neither RS256 nor ES256", claims => WithHeader(target, "alg", "PS256", claims));
        yield return Token(target, "algorithm-of-another-key", "its signature does not hold", claims => WithHeader(target, "alg", "ES256", claims));
        yield return Token(target, "critical-extension", "crit", claims => WithHeader(target, "crit", new JsonArray("exp"), claims));
        yield return Claim(target, "wrong-audience", "another audience", claims => claims["aud"] = "billing");
        yield return Claim(target, "without-audience", "another audience", claims => claims.Remove("aud"));
        yield return Claim(target, "wrong-issuer", "an issuer that this cluster does not know", claims => claims["iss"] = "https://issuer.example");
        yield return Claim(target, "issuer-with-slash", "an issuer that this cluster does not know", claims => claims["iss"] = target.Acme.Authority + "/");
        yield return Token(target, "key-of-another-issuer", "its signature does not hold", claims => target.Other.Current.Sign(claims));
        yield return Other(target, "issuer-b-for-tenant-a", "may not speak for", "acme", "developer");
        yield return Other(target, "role-above-issuer", "which issuer 'other' may not grant", "other", "tenant-admin");
        yield return Other(target, "platform-of-a-tenants-issuer", "which issuer 'other' may not grant", null, "platform-operator");
        yield return Claim(target, "tenant-and-platform", "platform-operator, which issuer", claims => claims["roles"] = new JsonArray("developer", "platform-operator"));
        yield return Token(target, "unknown-kid", "names a key that its issuer 'acme' does not have", claims => WithHeader(target, "kid", "k9", claims));
        yield return Token(target, "without-kid", "names no key", claims => WithHeader(target, "kid", null, claims));
        yield return Token(target, "kid-is-a-path", "names a key that its issuer 'acme' does not have", claims => WithHeader(target, "kid", "../../../../dev/null", claims));
        yield return Token(target, "claim-twice", "has a claim twice", claims => target.Acme.Current.Sign(target.Acme.Current.Header, claims.ToJsonString()[..^1] + ",\"tenant\":\"other\"}"));
        yield return Token(target, "huge-token", "is longer than 8192 characters", claims => Padded(target, claims, 9_000));
        yield return Token(target, "huger-token", "HTTP", claims => Padded(target, claims, 60_000));
        yield return Token(target, "empty-token", "is no token", _ => "");
        yield return Token(target, "no-token", "is no token", _ => "a.b.c.d.e");
        yield return Claim(target, "escapes-in-subject", "its claim sub", claims => claims["sub"] = "anna\u001b[2J");
        yield return Claim(target, "subject-that-splits", "its claim sub", claims => claims["sub"] = "anna|person|root");
        yield return new Attack("token/as-basic", "is no bearer token", () => Good(target), () => target.Wire.CallAsync(target.List("acme", null).With("authorization", "Basic YTpi")));
        yield return new Attack("token/missing", "missing", () => Good(target), () => target.Wire.CallAsync(target.List("acme", null)));
        yield return new Attack("token/json-forged", "its signature does not hold",
            () => target.Wire.JsonAsync(HttpMethod.Get, new Uri(target.Http, "/v1/tenants/acme/runs"), target.Token("acme", "developer")),
            () => target.Wire.JsonAsync(HttpMethod.Get, new Uri(target.Http, "/v1/tenants/acme/runs"), Forged(target)));
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static Task<Answer> Good(Target target) => target.Wire.CallAsync(target.List("acme", target.Token("acme", "developer")));

    private static Attack Claim(Target target, string id, string expected, Action<JsonObject> change) => Token(target, id, expected, claims =>
    {
        change(claims);
        return target.Acme.Token(claims);
    });

    private static Attack Token(Target target, string id, string expected, Func<JsonObject, string> make) => new(
        $"token/{id}", expected, () => Good(target), () => target.Wire.CallAsync(target.List("acme", make(Target.Claims(target.Acme, "acme", "developer")))));

    private static Attack Other(Target target, string id, string expected, string? tenant, string role) => new(
        $"token/{id}", expected,
        () => target.Wire.CallAsync(target.List("other", target.Token("other", "developer"))),
        () => target.Wire.CallAsync(target.List(tenant ?? "other", target.Other.Token(Target.Claims(target.Other, tenant, role)))));

    private static string Forged(Target target)
    {
        var parts = target.Token("acme", "developer").Split('.');
        var claims = Target.Claims(target.Acme, "acme", "tenant-admin");
        return $"{parts[0]}.{Base64UrlEncoder.Encode(claims.ToJsonString())}.{parts[2]}";
    }

    private static string KeyInHeader(Target target, JsonObject claims)
    {
        var own = IssuerKey.Rsa(target.Acme.Current.Id);
        var header = own.Header;
        header["jwk"] = own.Public();
        header["jku"] = $"{target.Other.Authority}/keys";
        return own.Sign(header, claims.ToJsonString());
    }

    private static string WithHeader(Target target, string name, JsonNode? value, JsonObject claims)
    {
        var header = target.Acme.Current.Header;
        if (value is null) header.Remove(name);
        else header[name] = value;
        return target.Acme.Current.Sign(header, claims.ToJsonString());
    }

    private static string Unsigned(Target target, string algorithm, JsonObject claims)
    {
        var header = target.Acme.Current.Header;
        header["alg"] = algorithm;
        return $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{Base64UrlEncoder.Encode(claims.ToJsonString())}.";
    }

    private static string Hmac(Target target, string algorithm, JsonObject claims)
    {
        var header = target.Acme.Current.Header;
        header["alg"] = algorithm;
        var body = $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{Base64UrlEncoder.Encode(claims.ToJsonString())}";
        return $"{body}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(target.Acme.Current.PublicInfo, Encoding.ASCII.GetBytes(body)))}";
    }

    private static string Padded(Target target, JsonObject claims, int chars)
    {
        claims["pad"] = new string('x', chars);
        return target.Acme.Token(claims);
    }
}
