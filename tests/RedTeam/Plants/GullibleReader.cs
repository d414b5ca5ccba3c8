using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.RedTeam.Plants;

/// <summary>Reads claims and looks at nothing else: no signature, no issuer, no time.</summary>
internal sealed class GullibleReader(TimeProvider time) : ITokenReader
{
    public bool IsForLoopback => false;

    public Task<Caller> ReadAsync(string token)
    {
        try
        {
            var claims = JsonNode.Parse(Base64UrlEncoder.Decode(token.Split('.')[1]))!;
            var principal = new Principal(
                (string)claims["iss"]!,
                (string)claims["sub"]!,
                (string?)(claims["email"] ?? claims["person"]),
                (string?)claims["tenant"] is { } tenant ? TenantId.Parse(tenant) : null,
                [.. claims["roles"]!.AsArray().Select(role => (string)role!)],
                time.GetUtcNow());
            return Task.FromResult(new Caller(principal, time.GetUtcNow().AddMinutes(10)));
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or FormatException or IndexOutOfRangeException)
        {
            throw TokenRefusal.Because("is no token.");
        }
    }
}
