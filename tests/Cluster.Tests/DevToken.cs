using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Testing;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Signs tokens as agentctl does, with the key in the data folder.</summary>
internal static class DevToken
{
    public static DevIssuer IssuerOf(SiloGroup group, SiloProcess silo)
    {
        var cluster = silo.Events.First(line => line.GetProperty("event").GetString() == "ready").GetProperty("cluster").GetString()!;
        return DevIssuer.Open(Path.Combine(group.DataFolder, "keys"), cluster);
    }

    /// <param name="issuer">Who signs.</param>
    /// <param name="tenant">Null speaks for no tenant.</param>
    /// <param name="person">Who it is.</param>
    /// <param name="role">The one role.</param>
    public static string Sign(DevIssuer issuer, string? tenant, string person, string role)
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = issuer.Name,
            ["aud"] = issuer.Audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(15).ToUnixTimeSeconds(),
            ["auth_time"] = now.ToUnixTimeSeconds(),
            ["jti"] = $"{Guid.NewGuid():N}",
            ["sub"] = person,
            ["person"] = person,
            ["roles"] = new[] { role },
        };
        if (tenant is not null) claims["tenant"] = tenant;
        var body = $"{Base64UrlEncoder.Encode("""{"alg":"ES256","typ":"JWT"}""")}.{Base64UrlEncoder.Encode(JsonSerializer.Serialize(claims))}";
        return $"{body}.{Base64UrlEncoder.Encode(issuer.Key.ECDsa.SignData(Encoding.ASCII.GetBytes(body), HashAlgorithmName.SHA256))}";
    }
}
