using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.Issuers;

public sealed class IssuerTokenReaderTests : IAsyncLifetime
{
    private IssuerBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await IssuerBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Read_GoodToken_GivesThePrincipal()
    {
        var caller = await _bench.ReadAsync(_bench.Issuer.Token(_bench.Claims("acme", "developer", "approver", "offline_access")));

        var principal = caller.Principal;
        Assert.Equal((_bench.Issuer.Authority, "anna", "anna@example.com"), (principal.Issuer, principal.Subject, principal.Person));
        Assert.Equal("acme", principal.Tenant?.Value);
        Assert.Equal(["developer", "approver"], principal.Roles);
        Assert.Equal(_bench.Time.GetUtcNow(), principal.AuthenticatedAt);
        Assert.Equal(_bench.Time.GetUtcNow().AddMinutes(10), caller.ExpiresAt);
    }

    [Fact]
    public async Task Read_TokenOfAP256Key_IsGood()
    {
        _bench.Issuer.Rotate(IssuerKey.Ec("e1"));
        Assert.Equal("anna", (await _bench.ReadAsync(_bench.Token())).Principal.Subject);
    }

    [Fact]
    public async Task Read_TokenThatDoesNotSayWhenThePersonLoggedIn_MeansLongAgo()
    {
        var claims = _bench.Claims();
        claims.Remove("auth_time");
        Assert.Equal(DateTimeOffset.UnixEpoch, (await _bench.ReadAsync(_bench.Issuer.Token(claims))).Principal.AuthenticatedAt);
    }

    [Fact]
    public async Task Read_ExpiredToken_IsRefused()
    {
        var token = _bench.Token();
        _bench.Time.Advance(TimeSpan.FromMinutes(10.4));
        await _bench.ReadAsync(token);
        _bench.Time.Advance(TimeSpan.FromMinutes(0.2));
        await RefusedAsync("expired", token);
    }

    [Theory]
    [InlineData("iss", "\"https://issuer.example\"", "issuer")]
    [InlineData("iss", "null", "issuer")]
    [InlineData("aud", "\"another\"", "audience")]
    [InlineData("aud", "[\"another\"]", "audience")]
    [InlineData("aud", "null", "audience")]
    [InlineData("exp", "null", "expired")]
    [InlineData("exp", "4102444800", "lives longer")]
    [InlineData("iat", "null", "expired")]
    [InlineData("nbf", "4102444800", "not yet valid")]
    [InlineData("auth_time", "4102444800", "auth_time")]
    [InlineData("auth_time", "\"soon\"", "auth_time")]
    [InlineData("sub", "null", "sub")]
    [InlineData("sub", "\"a|b\"", "sub")]
    [InlineData("email", "\"anna\\u202e\"", "email")]
    [InlineData("email", "[\"anna\"]", "email")]
    [InlineData("tenant", "\"other\"", "may not speak for")]
    [InlineData("tenant", "\"ACME\"", "tenant")]
    [InlineData("tenant", "null", "either a tenant")]
    [InlineData("roles", "[\"developer\",\"tenant-admin\"]", "tenant-admin, which issuer 'corp' may not grant")]
    [InlineData("roles", "[\"platform-operator\"]", "platform-operator, which issuer 'corp' may not grant")]
    [InlineData("roles", "[1]", "role")]
    [InlineData("roles", "null", "roles")]
    public async Task Read_WrongClaim_IsRefusedByName(string name, string json, string reason)
    {
        var claims = _bench.Claims();
        if (json == "null") claims.Remove(name);
        else claims[name] = JsonNode.Parse(json);
        await RefusedAsync(reason, _bench.Issuer.Token(claims));
    }

    [Fact]
    public async Task Read_ForgedToken_IsRefused()
    {
        var parts = _bench.Token().Split('.');
        var other = _bench.Claims();
        other["sub"] = "eve";
        await RefusedAsync("signature", $"{parts[0]}.{_bench.Issuer.Token(other).Split('.')[1]}.{parts[2]}");
        await RefusedAsync("signature", IssuerKey.Rsa("k1").Sign(_bench.Claims()));
        await RefusedAsync("neither RS256 nor ES256", DevTokens.Unsigned(new JsonObject { ["alg"] = "none", ["kid"] = "k1" }, _bench.Claims()));
        await RefusedAsync("neither RS256 nor ES256", DevTokens.Hmac(new JsonObject { ["alg"] = "HS256", ["kid"] = "k1" }, _bench.Claims(), _bench.Issuer.Current.PublicInfo));
    }

    [Fact]
    public async Task Read_TokenWhoseAlgorithmIsNotItsKeys_IsRefused()
    {
        var header = _bench.Issuer.Current.Header;
        header["alg"] = "ES256";
        await RefusedAsync("signature", _bench.Issuer.Current.Sign(header, _bench.Claims().ToJsonString()));
        header["alg"] = "RS512";
        await RefusedAsync("neither RS256 nor ES256", _bench.Issuer.Current.Sign(header, _bench.Claims().ToJsonString()));
    }

    [Fact]
    public async Task Read_HeaderThatNobodyReadsAsWeDo_IsRefused()
    {
        var header = _bench.Issuer.Current.Header;
        header["crit"] = new JsonArray("exp");
        await RefusedAsync("crit", _bench.Issuer.Current.Sign(header, _bench.Claims().ToJsonString()));
        header = _bench.Issuer.Current.Header;
        header.Remove("kid");
        await RefusedAsync("kid", _bench.Issuer.Current.Sign(header, _bench.Claims().ToJsonString()));
        var claims = _bench.Claims().ToJsonString();
        await RefusedAsync("twice", _bench.Issuer.Current.Sign(_bench.Issuer.Current.Header, claims[..^1] + ",\"tenant\":\"acme\"}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("e30.e30.")]
    public async Task Read_NoToken_IsRefused(string text) => await RefusedAsync("credential", text);

    [Fact]
    public async Task Read_HugeToken_IsRefusedUnread() => await RefusedAsync("longer than", new string('a', 1_000_000));

    [Fact]
    public async Task Read_WorkloadTokens_SpeakForTheOnlyTenantWithAllItsRoles()
    {
        await using var bench = await IssuerBench.StartAsync(options =>
        {
            options.TenantClaim = "";
            options.RolesClaim = "";
            options.PersonClaim = null;
            options.Roles.Clear();
            options.Roles.Add("agent");
            options.Subjects.Add("system:serviceaccount:shop:app");
        });
        var claims = new JsonObject
        {
            ["iss"] = bench.Issuer.Authority,
            ["aud"] = new JsonArray("agentruntime"),
            ["iat"] = bench.Time.GetUtcNow().ToUnixTimeSeconds(),
            ["exp"] = bench.Time.GetUtcNow().AddHours(24).ToUnixTimeSeconds(),
            ["sub"] = "system:serviceaccount:shop:app",
        };
        var principal = (await bench.ReadAsync(bench.Issuer.Token(claims))).Principal;
        Assert.Equal(("acme", null), (principal.Tenant?.Value, principal.Person));
        Assert.Equal(["agent"], principal.Roles);

        claims["sub"] = "system:serviceaccount:shop:other";
        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => bench.ReadAsync(bench.Issuer.Token(claims)));
        Assert.Contains("vouch", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PlatformOperator_OnlyOfAPlatformIssuerAndOfNoTenant()
    {
        await using var bench = await IssuerBench.StartAsync(options => options.Platform = true);
        Assert.Null((await bench.ReadAsync(bench.Issuer.Token(bench.Claims(null, "platform-operator")))).Principal.Tenant);
        var both = await Assert.ThrowsAsync<AgentRuntimeException>(() => bench.ReadAsync(bench.Issuer.Token(bench.Claims("acme", "platform-operator"))));
        Assert.Contains("not both", both.Message, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string reason, string token)
    {
        var fault = await Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.ReadAsync(token));
        Assert.Equal(ErrorCode.Unauthenticated, fault.Code);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        if (token.Length > 20) Assert.DoesNotContain(token[..20], fault.Message, StringComparison.Ordinal);
    }
}
