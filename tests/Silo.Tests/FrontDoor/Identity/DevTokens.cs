using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity;

/// <summary>Writes tokens by hand, so that a test can write any token, also one that no library would.</summary>
internal static class DevTokens
{
    public static JsonObject Header() => new() { ["alg"] = "ES256", ["typ"] = "JWT" };

    public static JsonObject Claims(string cluster, DateTimeOffset now, params string[] roles) => new()
    {
        ["iss"] = $"urn:agentruntime:dev:{cluster}",
        ["aud"] = cluster,
        ["iat"] = now.ToUnixTimeSeconds(),
        ["nbf"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddMinutes(15).ToUnixTimeSeconds(),
        ["auth_time"] = now.ToUnixTimeSeconds(),
        ["jti"] = "0123456789abcdef",
        ["sub"] = "anna",
        ["person"] = "anna",
        ["tenant"] = "acme",
        ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]),
    };

    public static string Sign(JsonObject header, JsonObject claims, ECDsa key) => Sign(header.ToJsonString(), claims.ToJsonString(), key);

    public static string Sign(string header, string claims, ECDsa key)
    {
        var body = Body(header, claims);
        return $"{body}.{Base64UrlEncoder.Encode(key.SignData(Encoding.ASCII.GetBytes(body), HashAlgorithmName.SHA256))}";
    }

    public static string Hmac(JsonObject header, JsonObject claims, byte[] secret)
    {
        var body = Body(header.ToJsonString(), claims.ToJsonString());
        return $"{body}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(body)))}";
    }

    public static string Unsigned(JsonObject header, JsonObject claims) => $"{Body(header.ToJsonString(), claims.ToJsonString())}.";

    private static string Body(string header, string claims) => $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(claims)}";
}
