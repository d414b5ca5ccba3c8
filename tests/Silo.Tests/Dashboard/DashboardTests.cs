extern alias client;

using System.Net;
using System.Net.Http.Headers;
using AgentRuntime.Common;
using AgentRuntime.Dashboard;
using AgentRuntime.Silo.Tests.FrontDoor.Api;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.Dashboard;

/// <summary>The dashboard of a whole silo, over its HTTP port.</summary>
public sealed class DashboardTests(FrontDoorHost host) : IDisposable
{
    private static readonly string[] WaysIn = ["/dashboard/enter", "/dashboard/enter.js"];

    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = host.HttpEndpoint };

    /// <summary>Every route that the package maps, with something in the place of each parameter.</summary>
    private IEnumerable<string> Routes => host.Served.OfType<RouteEndpoint>()
        .Select(endpoint => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}")
        .Where(route => route.StartsWith("/dashboard", StringComparison.Ordinal) && !WaysIn.Contains(route))
        .Select(route => System.Text.RegularExpressions.Regex.Replace(route, @"\{[^}]*\}", "1"));

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Routes_WithoutACookie_AreRefusedToEverybody()
    {
        var routes = Routes.ToList();
        Assert.InRange(routes.Count, 15, 60);
        string?[] tokens =
        [
            null, host.Token("acme", "tom", Roles.TenantAdmin), host.Token("acme", "dave", Roles.Developer, Roles.ToolReviewer, Roles.Approver, Roles.Auditor, Roles.Agent),
            host.Token(null, "olga", Roles.PlatformOperator),
        ];
        string[] spellings = [.. routes, "/dashboard", "/DASHBOARD/", "/dashboard/nothing", "/dashboard//GrainState", "/dashboard/%47rainState", "/dashboard/index.html/"];
        foreach (var route in spellings)
        {
            foreach (var token in tokens)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, route);
                if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                using var answer = await _browser.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{route}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Entry_IsMadeForPlatformOperatorsOnly()
    {
        foreach (var role in Roles.OfTenants)
            await RpcAssert.FailsAsync(StatusCode.PermissionDenied, () => CreateAsync("acme", role));
        var entry = await CreateAsync(null, Roles.PlatformOperator);
        Assert.StartsWith($"{host.HttpEndpoint}dashboard/enter#", entry.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enter_WithACode_OpensTheDashboardOnce()
    {
        var code = new Uri((await CreateAsync(null, Roles.PlatformOperator)).Url).Fragment[1..];
        using var entered = await EnterAsync(code);
        Assert.Equal(HttpStatusCode.NoContent, entered.StatusCode);
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        foreach (var part in new[] { "httponly", "samesite=strict", "path=/dashboard" }) Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);

        Assert.Equal(HttpStatusCode.OK, await GetAsync("/dashboard/"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/dashboard/DashboardCounters"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("/dashboard/Trace"));
        foreach (var spelling in new[] { "/dashboard/GrainState", "/dashboard/grainstate/", "/dashboard/%47rainState?grainType=a&grainId=b" })
            Assert.Equal(HttpStatusCode.NotFound, await GetAsync(spelling));
        using var again = await EnterAsync(code);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public async Task Enter_WithoutAGoodCode_IsRefused(string code) => Assert.Equal(HttpStatusCode.Forbidden, (await EnterAsync(code)).StatusCode);

    [Fact]
    public async Task Enter_FromAPageOfAnotherSite_IsRefusedAndLeavesTheCodeGood()
    {
        var code = new Uri((await CreateAsync(null, Roles.PlatformOperator)).Url).Fragment[1..];
        Assert.Equal(HttpStatusCode.Forbidden, (await EnterAsync(code, "cross-site")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await EnterAsync(code, "same-origin")).StatusCode);
    }

    [Fact]
    public async Task Routes_WithAChangedCookie_AreRefused()
    {
        var code = new Uri((await CreateAsync(null, Roles.PlatformOperator)).Url).Fragment[1..];
        using var entered = await EnterAsync(code);
        var value = entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var parts = value.Split('=', 2)[1].Split('.');
        string[] changed = [$"{long.MaxValue / 2}.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}.{parts[2]}.x", "x"];
        using var plain = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = host.HttpEndpoint };
        foreach (var cookie in changed)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/version");
            request.Headers.Add("Cookie", $"{DashboardCookie.Name}={cookie}");
            using var answer = await plain.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    private async Task<Wire.DashboardEntry> CreateAsync(string? tenant, string role) =>
        await host.Client(tenant, "olga", [role]).Dashboard.CreateDashboardEntryAsync(new Wire.CreateDashboardEntryRequest());

    private async Task<HttpStatusCode> GetAsync(string path)
    {
        using var answer = await _browser.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> EnterAsync(string code, string? site = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/dashboard/enter") { Content = new StringContent(code) };
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        return _browser.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
