using AgentRuntime.Common;
using AgentRuntime.Dashboard.SignIn;
using AgentRuntime.FrontDoor.Identity.Issuers;
using AgentRuntime.FrontDoor.Listening;

namespace AgentRuntime.Dashboard;

/// <summary>The dashboard's settings, found good.</summary>
/// <param name="ShowsGrainState">Whether operators may look at the state of a grain.</param>
/// <param name="Url">What browsers call the HTTP port, without a slash at the end.</param>
/// <param name="IsSecure">Whether browsers speak TLS.</param>
/// <param name="SignIn">Who lets people log in with a browser; null for nobody.</param>
internal sealed record DashboardPlan(bool ShowsGrainState, string Url, bool IsSecure, SignInClient? SignIn)
{
    /// <exception cref="AgentRuntimeException">InvalidArgument: a setting is wrong; the message names the key and the fix.</exception>
    public static DashboardPlan Of(DashboardSettings settings, ListeningPlan listening, IReadOnlyList<TrustedIssuer> issuers, int httpPort)
    {
        var url = settings.Url is { } said ? Parse(said) : new Uri($"{listening.Scheme}://{HostOf(listening)}:{httpPort}");
        return new DashboardPlan(
            settings.ShowGrainState,
            url.GetLeftPart(UriPartial.Authority),
            url.Scheme == Uri.UriSchemeHttps,
            settings.SignIn is { } signIn ? SignInOf(signIn, issuers) : null);
    }

    private static string HostOf(ListeningPlan listening) =>
        System.Net.IPAddress.IsLoopback(listening.Address) ? new UriBuilder { Host = listening.Address.ToString() }.Host : listening.Hosts.Order(StringComparer.Ordinal).First();

    private static Uri Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && IssuerRules.IsSafe(parsed) && parsed.PathAndQuery == "/" && parsed.UserInfo.Length == 0
            ? parsed
            : throw Wrong("Url", $"is '{Shown.Text(url)}'; it must be an https URL without a path, or http on loopback, such as https://agents.example.com");

    private static SignInClient SignInOf(SignInSettings settings, IReadOnlyList<TrustedIssuer> issuers)
    {
        var issuer = issuers.FirstOrDefault(each => each.Key == settings.Issuer)
            ?? throw Wrong("SignIn:Issuer", $"is '{Shown.Text(settings.Issuer ?? "")}'; it must be the name of an issuer in {IdentityOptions.SectionName}:Issuers");
        if (issuer.Authority is null || !issuer.Platform) throw Wrong("SignIn:Issuer", $"is '{issuer.Key}', which cannot name platform operators to a browser; choose one with Authority and Platform");
        if (string.IsNullOrEmpty(settings.ClientId)) throw Wrong("SignIn:ClientId", "is missing; set it to what the issuer calls the dashboard");
        return new SignInClient(issuer, settings.ClientId, settings.ClientSecretFile is { } file ? Secret(file) : null, string.Join(' ', settings.Scopes.Prepend("openid")));
    }

    private static string Secret(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Wrong("SignIn:ClientSecretFile", $"cannot be read: {fault.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Name a file with the secret, or leave it out");
        }
    }

    private static AgentRuntimeException Wrong(string key, string what) => new(ErrorCode.InvalidArgument, $"{DashboardSettings.SectionName}:{key} {what}.");
}
