using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Errors;
using AgentRuntime.FrontDoor.Identity.Issuers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Dashboard.SignIn;

/// <summary>
/// The way in through the issuer's own pages: OpenID Connect's code flow with PKCE (RFC 7636), state and nonce. What has to be remembered meanwhile the
/// browser keeps, sealed, so that any silo may take the answer.
/// </summary>
internal sealed class BrowserSignIn(
    SignInClient client, IssuerTokenReader tokens, IssuerDocuments documents, SealedText seals, DashboardCookie cookie, DashboardPlan plan)
    : IDisposable
{
    private const string StartPath = $"{DashboardGate.Path}/sign-in";
    private const string AnswerPath = $"{DashboardGate.Path}/signed-in";
    private const string CookieName = "agentruntime-sign-in";
    private const int SecretBytes = 32;

    /// <summary>A browser that comes in needs one; each costs the issuer a request.</summary>
    private const int MaxAtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // Strict cookies do not go along on a way that another site began, so the page that the issuer leads to begins a new one.
    private const string Page = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Dashboard</title><meta http-equiv="refresh" content="0;url=/dashboard/"></head>
        <body><a href="/dashboard/">Dashboard</a></body></html>
        """;

    private readonly SemaphoreSlim _places = new(MaxAtOnce, MaxAtOnce);

    private string RedirectUri => $"{plan.Url}{AnswerPath}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(StartPath, (HttpContext http) => GuardAsync(http, StartAsync)).WithMetadata(DashboardGate.WayIn);
        routes.MapGet(AnswerPath, (HttpContext http) => GuardAsync(http, AnswerAsync)).WithMetadata(DashboardGate.WayIn);
    }

    public void Dispose() => _places.Dispose();

    private async Task GuardAsync(HttpContext http, Func<HttpContext, Task> step)
    {
        if (!_places.Wait(0))
        {
            await HttpErrors.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, new AgentRuntimeException(ErrorCode.Unavailable, "dashboard: too many log in at once; try again.", isTransient: true));
            return;
        }

        try
        {
            await step(http);
        }
        catch (AgentRuntimeException refused)
        {
            await HttpErrors.WriteAsync(http, refused.Code == ErrorCode.Unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status403Forbidden, refused);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task StartAsync(HttpContext http)
    {
        var published = await tokens.PublishedAsync(client.Issuer);
        var endpoint = Safe(published.AuthorizationEndpoint);
        var (state, nonce, verifier) = (Secret(), Secret(), Secret());
        http.Response.Cookies.Append(CookieName, seals.Seal(CookieName, $"{state}|{nonce}|{verifier}", Patience), CookieOptions());
        http.Response.Redirect(QueryHelpers.AddQueryString(endpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = client.ClientId,
            ["redirect_uri"] = RedirectUri,
            ["scope"] = client.Scope,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        }));
    }

    private async Task AnswerAsync(HttpContext http)
    {
        http.Response.Cookies.Delete(CookieName, CookieOptions());
        var query = http.Request.Query;
        if (seals.Open(CookieName, http.Request.Cookies[CookieName])?.Split('|') is not [var state, var nonce, var verifier] || !IsSame(query["state"].ToString(), state))
            throw Refused("this answer belongs to no login of this browser; begin again.");
        if (query["iss"].ToString() is { Length: > 0 } issuer && issuer != client.Issuer.Name) throw Refused("another issuer answered; begin again.");
        if (query["code"].ToString() is not { Length: > 0 } code) throw Refused("the issuer let nobody in.");
        var principal = await tokens.ReadIdTokenAsync(await RedeemAsync(code, verifier), client.Issuer, client.ClientId, nonce);
        if (!principal.Has(Roles.PlatformOperator)) throw Refused("is for platform operators, which this person is not.");
        cookie.Give(http.Response, principal.Identity);
        await DashboardEntrance.ShowAsync(http.Response, "text/html", Page);
    }

    private async Task<string> RedeemAsync(string code, string verifier)
    {
        var published = await tokens.PublishedAsync(client.Issuer);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = RedirectUri, ["client_id"] = client.ClientId, ["code_verifier"] = verifier,
        };
        if (client.Secret is { } secret) form["client_secret"] = secret;
        try
        {
            using var answer = JsonDocument.Parse(await documents.PostAsync(new Uri(Safe(published.TokenEndpoint)), form));
            return answer.RootElement.GetProperty("id_token").GetString() ?? throw Refused("the issuer sent no id token.");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Refused("the issuer did not take the code; begin again.");
        }
        catch (TaskCanceledException)
        {
            throw new AgentRuntimeException(ErrorCode.Unavailable, "dashboard: the issuer does not answer; try again.", isTransient: true);
        }
    }

    private CookieOptions CookieOptions() => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = plan.IsSecure,
        Path = AnswerPath,
        MaxAge = Patience,
    };

    private static string Safe(string? endpoint) => Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && IssuerRules.IsSafe(url)
        ? endpoint
        : throw new AgentRuntimeException(ErrorCode.Unavailable, "dashboard: its issuer does not say where people log in.", isTransient: true);

    private static bool IsSame(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));

    private static string Secret() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(SecretBytes));

    private static AgentRuntimeException Refused(string why) => new(ErrorCode.PermissionDenied, $"dashboard: {why}");
}
