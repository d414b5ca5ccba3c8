using Microsoft.IdentityModel.JsonWebTokens;

namespace AgentRuntime.Cli.Session;

/// <summary>Reads what a token says, for showing it. Whether it holds is for the server to say.</summary>
internal static class TokenText
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>The token; null when it is no JWT.</summary>
    public static JsonWebToken? Read(string token)
    {
        try
        {
            return Handler.CanReadToken(token) ? Handler.ReadJsonWebToken(token) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public static string? Claim(string token, string name) => Read(token) is { } read && read.TryGetClaim(name, out var claim) ? claim.Value : null;

    public static string[] Roles(JsonWebToken token) => [.. token.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value)];
}
