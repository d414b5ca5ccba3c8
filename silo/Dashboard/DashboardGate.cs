using AgentRuntime.FrontDoor.Errors;

namespace AgentRuntime.Dashboard;

/// <summary>
/// Stands before everything below <c>/dashboard</c>, whether it is a page or not, and lets in nobody but operators who have come in. The dashboard itself asks
/// nobody who they are.
/// </summary>
internal sealed partial class DashboardGate(DashboardCookie cookie, DashboardPlan plan, ILogger<DashboardGate> log)
{
    public const string Path = "/dashboard";

    private const string GrainStatePage = $"{Path}/GrainState";

    /// <summary>The ways in, which are open to all.</summary>
    public static readonly object WayIn = new();

    public Task GuardAsync(HttpContext http, Func<Task> next)
    {
        if (!http.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase)) return next();
        Seclude(http.Response.Headers);
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.Contains(WayIn) == true) return next();
        if (cookie.IdentityOf(http.Request) is not { } identity) return RefuseAsync(http);
        if (endpoint is RouteEndpoint { RoutePattern.RawText: { } route } && route.TrimEnd('/').Equals(GrainStatePage, StringComparison.OrdinalIgnoreCase))
        {
            if (!plan.ShowsGrainState)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            LogViewed(identity, Common.Shown.Text(http.Request.Query["grainType"].ToString(), 256), Common.Shown.Text(http.Request.Query["grainId"].ToString(), 256));
        }

        return next();
    }

    /// <summary>No other site shows it, learns its address or keeps its pages.</summary>
    private static void Seclude(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
    }

    private Task RefuseAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            if (plan.SignIn is not null)
            {
                http.Response.Redirect($"{Path}/sign-in");
                return Task.CompletedTask;
            }

            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.ContentType = "text/plain; charset=utf-8";
            return http.Response.WriteAsync("The dashboard is for platform operators. Come in with: agentctl dashboard --role platform-operator\n");
        }

        return HttpErrors.WriteAsync(http, StatusCodes.Status401Unauthorized, DashboardEntrance.NotAnOperator);
    }

    [LoggerMessage(1, LogLevel.Information, "{Operator} looked at the state of grain {GrainType} {GrainId}.")]
    private partial void LogViewed(string @operator, string grainType, string grainId);
}
