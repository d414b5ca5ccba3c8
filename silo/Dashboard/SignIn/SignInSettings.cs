namespace AgentRuntime.Dashboard.SignIn;

/// <summary>How people log in with a browser: OpenID Connect's code flow.</summary>
internal sealed class SignInSettings
{
    /// <summary>Name of an issuer in FrontDoor:Identity:Issuers, with Authority and Platform. Required.</summary>
    public string? Issuer { get; set; }

    /// <summary>What the issuer calls the dashboard. Required. Its redirect URI there is <c>.../dashboard/signed-in</c>.</summary>
    public string? ClientId { get; set; }

    /// <summary>File with the client's secret. Default none: a public client, which PKCE protects.</summary>
    public string? ClientSecretFile { get; set; }

    /// <summary>What is asked for besides openid, for issuers that tell roles only then. Default none.</summary>
    public IList<string> Scopes { get; } = [];
}
