using AgentRuntime.FrontDoor.Identity.Issuers;

namespace AgentRuntime.Dashboard.SignIn;

/// <summary>What the dashboard is to the issuer that people log in with.</summary>
internal sealed record SignInClient(TrustedIssuer Issuer, string ClientId, string? Secret, string Scope);
