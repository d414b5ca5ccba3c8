using AgentRuntime.FrontDoor.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Testing;

/// <summary>Signs tokens as agentctl does, with the key in the data folder.</summary>
internal static class IssuedToken
{
    /// <summary>The issuer of a silo that is ready.</summary>
    public static DevIssuer IssuerOf(SiloProcess silo)
    {
        var cluster = silo.Events.First(line => line.GetProperty("event").GetString() == "ready").GetProperty("cluster").GetString()!;
        return DevIssuer.Open(Path.Combine(silo.Options.DataFolder, "keys"), cluster);
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
            ["sub"] = person, ["person"] = person, ["roles"] = new[] { role }, ["auth_time"] = now.ToUnixTimeSeconds(), ["jti"] = $"{Guid.NewGuid():N}",
        };
        if (tenant is not null) claims["tenant"] = tenant;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer.Name,
            Audience = issuer.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.AddMinutes(15).UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(issuer.Key, SecurityAlgorithms.EcdsaSha256),
        });
    }
}
