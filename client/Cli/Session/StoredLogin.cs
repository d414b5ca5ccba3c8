namespace AgentRuntime.Cli.Session;

/// <summary>What the last <c>login</c> left: one of the two.</summary>
internal sealed record StoredLogin(Login? Dev, OidcLogin? Oidc);
