namespace AgentRuntime.Dashboard;

/// <summary>The cookie of an operator who has come in.</summary>
internal sealed class DashboardCookie(SealedText seals, DashboardPlan plan)
{
    public const string Name = "agentruntime-dashboard";

    /// <summary>Whoever stays longer comes in again: nothing takes a cookie back before.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public void Give(HttpResponse response, string identity) => response.Cookies.Append(Name, seals.Seal(Name, identity, Lifetime), new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = plan.IsSecure,
        Path = DashboardGate.Path,
        MaxAge = Lifetime,
    });

    /// <summary>Who has come in. Null: nobody.</summary>
    public string? IdentityOf(HttpRequest request) => seals.Open(Name, request.Cookies[Name]);
}
