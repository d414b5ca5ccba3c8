using System.Text;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Errors;

namespace AgentRuntime.Dashboard;

/// <summary>The way in with a code. The page takes it from behind the '#' of its own address and posts it, so that no server and no log sees it in a URL.</summary>
internal sealed partial class DashboardEntrance(EntryCodes codes, DashboardCookie cookie, ILogger<DashboardEntrance> log)
{
    public const string Path = $"{DashboardGate.Path}/enter";

    public static readonly AgentRuntimeException NotAnOperator = new(
        ErrorCode.Unauthenticated, "dashboard: is for platform operators who have come in; use agentctl dashboard.");

    private static readonly AgentRuntimeException NoSuchCode = new(
        ErrorCode.PermissionDenied, "dashboard: this code was used, has ended, or is none; use agentctl dashboard again.");

    private const int MaxCodeChars = 128;

    private const string Page = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Dashboard</title></head>
        <body><p id="say">Opening the dashboard needs JavaScript.</p><script src="/dashboard/enter.js"></script></body></html>
        """;

    private const string Script = """
        const say = text => document.getElementById('say').textContent = text;
        const code = location.hash.slice(1);
        history.replaceState(null, '', location.pathname);
        say('Opening the dashboard.');
        fetch('/dashboard/enter', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: code })
          .then(answer => answer.ok ? location.replace('/dashboard/') : say('This address was used or has ended. Get another: agentctl dashboard'))
          .catch(() => say('The silo does not answer.'));
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (HttpResponse response) => ShowAsync(response, "text/html", Page)).WithMetadata(DashboardGate.WayIn);
        routes.MapGet($"{Path}.js", (HttpResponse response) => ShowAsync(response, "text/javascript", Script)).WithMetadata(DashboardGate.WayIn);
        routes.MapPost(Path, (HttpContext http) => http.RequestServices.GetRequiredService<DashboardEntrance>().EnterAsync(http)).WithMetadata(DashboardGate.WayIn);
    }

    /// <summary>Shows a page of the ways in, which may load nothing but its own script.</summary>
    public static Task ShowAsync(HttpResponse response, string type, string text)
    {
        response.ContentType = $"{type}; charset=utf-8";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        return response.WriteAsync(text);
    }

    private async Task EnterAsync(HttpContext http)
    {
        var code = await ReadAsync(http.Request);
        if (code is null || codes.Use(code) is not { } identity)
        {
            LogRefused();
            await HttpErrors.WriteAsync(http, StatusCodes.Status403Forbidden, NoSuchCode);
            return;
        }

        LogEntered(identity);
        cookie.Give(http.Response, identity);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The code; null where another site's page sent it.</summary>
    private static async Task<string?> ReadAsync(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin")) return null;
        var buffer = new byte[MaxCodeChars + 1];
        var read = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        return read <= MaxCodeChars ? Encoding.ASCII.GetString(buffer, 0, read) : null;
    }

    [LoggerMessage(1, LogLevel.Information, "{Operator} has come in to the dashboard.")]
    private partial void LogEntered(string @operator);

    [LoggerMessage(2, LogLevel.Warning, "A code for the dashboard was refused.")]
    private partial void LogRefused();
}
