namespace AgentRuntime.Cli.Session;

/// <summary>A login at an OpenID Connect issuer.</summary>
/// <param name="Issuer">The issuer's address.</param>
/// <param name="ClientId">What agentctl is called there.</param>
/// <param name="Token">The token that silos are shown: the access token, or the id token where the access token is no JWT.</param>
/// <param name="RefreshToken">What renews it; null: the person logs in again.</param>
/// <param name="ExpiresAt">When the token ends (UTC).</param>
/// <param name="Tenant">The tenant that was named at login; null takes the token's.</param>
/// <param name="Endpoint">The silo's address that was named at login; null: each command names one.</param>
internal sealed record OidcLogin(string Issuer, string ClientId, string Token, string? RefreshToken, DateTimeOffset ExpiresAt, string? Tenant, string? Endpoint = null);
