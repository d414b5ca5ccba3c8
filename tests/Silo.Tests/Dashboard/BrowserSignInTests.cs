using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.Silo.Tests.Hosting;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Silo.Tests.Dashboard;

/// <summary>Logging in to the dashboard through the pages of an issuer.</summary>
public sealed class BrowserSignInTests : IAsyncLifetime
{
    private readonly SiloInProcess _silo = new();
    private readonly HttpClient _browser;
    private TestIssuer _issuer = null!;
    private IReadOnlyDictionary<string, string> _asked = new Dictionary<string, string>();
    private IReadOnlyDictionary<string, string> _redeemed = new Dictionary<string, string>();
    private Action<JsonObject> _change = _ => { };
    private Task _ready = Task.CompletedTask;

    public BrowserSignInTests() => _browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _issuer.App.MapPost("/token", Redeem);
        await _silo.StartAsync(settings: new Dictionary<string, string?>
        {
            ["FrontDoor:Identity:Issuers:corp:Authority"] = _issuer.Authority,
            ["FrontDoor:Identity:Issuers:corp:Audience"] = "agentruntime",
            ["FrontDoor:Identity:Issuers:corp:Platform"] = "true",
            ["FrontDoor:Identity:Issuers:corp:Tenants:0"] = "*",
            ["FrontDoor:Identity:Issuers:corp:Roles:0"] = Roles.TenantAdmin,
            ["Dashboard:SignIn:Issuer"] = "corp",
            ["Dashboard:SignIn:ClientId"] = "agent-dashboard",
        });
        _browser.BaseAddress = _silo.Http;
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _silo.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task SignIn_OfAPlatformOperator_OpensTheDashboard()
    {
        var state = await StartAsync();
        using var answer = await AnswerAsync($"code=c1&state={state}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/dashboard/version"));
        Assert.Equal("code", _asked["response_type"]);
        Assert.Equal("S256", _asked["code_challenge_method"]);
        Assert.Equal(_asked["code_challenge"], Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(_redeemed["code_verifier"]))));
        Assert.Equal(_asked["redirect_uri"], _redeemed["redirect_uri"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await AnswerAsync($"code=c1&state={state}")).StatusCode);
    }

    [Fact]
    public async Task SignIn_WithAnotherState_IsRefusedBeforeTheCodeIsUsed()
    {
        await StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await AnswerAsync("code=c1&state=x")).StatusCode);
        Assert.Empty(_redeemed);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/dashboard/version"));
    }

    [Theory]
    [InlineData("nonce", "\"other\"", "answers another login")]
    [InlineData("aud", "\"agentruntime\"", "audience")]
    [InlineData("roles", "[\"tenant-admin\"]", "either a tenant")]
    [InlineData("exp", "1", "expired")]
    public async Task SignIn_WithAnIdTokenThatIsNotGood_IsRefused(string claim, string json, string reason)
    {
        _change = claims => claims[claim] = JsonNode.Parse(json);
        await RefusedAsync(reason);
    }

    [Fact]
    public async Task SignIn_OfATenantAdmin_IsRefused()
    {
        _change = claims =>
        {
            claims["roles"] = new JsonArray(Roles.TenantAdmin);
            claims["tenant"] = "acme";
        };
        await RefusedAsync("platform operators");
    }

    [Fact]
    public async Task SignIn_WhenTheIssuerDoesNotAnswer_SaysSo()
    {
        var never = new TaskCompletionSource();
        _ready = never.Task;

        using var answer = await AnswerAsync($"code=c1&state={await StartAsync()}");

        never.SetResult();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("the issuer does not answer; try again", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string reason)
    {
        using var answer = await AnswerAsync($"code=c1&state={await StartAsync()}");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/dashboard/version"));
    }

    /// <summary>Opens the dashboard as a browser does and follows it to the issuer.</summary>
    private async Task<string> StartAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/");
        request.Headers.Accept.ParseAdd("text/html");
        using var refused = await _browser.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("/dashboard/sign-in", refused.Headers.Location?.OriginalString);
        using var started = await _browser.GetAsync("/dashboard/sign-in", TestContext.Current.CancellationToken);
        Assert.StartsWith($"{_issuer.Authority}/authorize", started.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        _asked = QueryHelpers.ParseQuery(started.Headers.Location.Query).ToDictionary(each => each.Key, each => each.Value.ToString());
        return _asked["state"];
    }

    private Task<HttpResponseMessage> AnswerAsync(string query) => _browser.GetAsync($"/dashboard/signed-in?{query}", TestContext.Current.CancellationToken);

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _browser.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<IResult> Redeem(HttpRequest request)
    {
        await _ready;
        var form = await request.ReadFormAsync();
        _redeemed = form.ToDictionary(each => each.Key, each => each.Value.ToString());
        var claims = _issuer.Claims(TimeProvider.System.GetUtcNow(), null, "olga", Roles.PlatformOperator);
        claims["aud"] = "agent-dashboard";
        claims["nonce"] = _asked["nonce"];
        _change(claims);
        return Results.Text(new JsonObject { ["id_token"] = _issuer.Token(claims), ["access_token"] = "a", ["token_type"] = "Bearer" }.ToJsonString(), "application/json");
    }
}
