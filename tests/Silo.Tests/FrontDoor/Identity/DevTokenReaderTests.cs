using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity;

public sealed class DevTokenReaderTests : IDisposable
{
    private const string Cluster = "c1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentrt-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly DevIssuer _issuer;
    private readonly DevTokenReader _reader;

    public DevTokenReaderTests()
    {
        _issuer = DevIssuer.Open(_folder.FullName, Cluster);
        _reader = new DevTokenReader(_issuer, _time);
    }

    private ECDsa Key => _issuer.Key.ECDsa;

    private JsonObject Claims => DevTokens.Claims(Cluster, _time.GetUtcNow(), Roles.Approver, Roles.Developer);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Read_GoodToken_GivesThePrincipal()
    {
        var caller = await _reader.ReadAsync(DevTokens.Sign(DevTokens.Header(), Claims, Key));

        var principal = caller.Principal;
        Assert.Equal(("urn:agentruntime:dev:c1", "anna", "anna"), (principal.Issuer, principal.Subject, principal.Person));
        Assert.Equal("acme", principal.Tenant?.Value);
        Assert.Equal([Roles.Approver, Roles.Developer], principal.Roles);
        Assert.Equal(_time.GetUtcNow(), principal.AuthenticatedAt);
        Assert.Equal(_time.GetUtcNow().AddMinutes(15), caller.ExpiresAt);
    }

    [Fact]
    public async Task Read_TokenOfAService_HasNoPerson()
    {
        var claims = Claims;
        claims.Remove("person");
        Assert.Null((await _reader.ReadAsync(DevTokens.Sign(DevTokens.Header(), claims, Key))).Principal.Person);
    }

    [Fact]
    public async Task Read_ExpiredToken_IsRefused()
    {
        var token = DevTokens.Sign(DevTokens.Header(), Claims, Key);
        _time.Advance(TimeSpan.FromMinutes(15.4));
        await _reader.ReadAsync(token);
        _time.Advance(TimeSpan.FromMinutes(0.2));
        await RefusedAsync(token);
    }

    [Fact]
    public async Task Read_AlgorithmNone_IsRefused()
    {
        foreach (var none in new[] { "none", "None", "NONE" })
        {
            await RefusedAsync(DevTokens.Unsigned(new JsonObject { ["alg"] = none, ["typ"] = "JWT" }, Claims));
        }
    }

    [Fact]
    public async Task Read_HmacWithThePublicKey_IsRefused()
    {
        var header = new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT" };
        await RefusedAsync(DevTokens.Hmac(header, Claims, Key.ExportSubjectPublicKeyInfo()));
        await RefusedAsync(DevTokens.Hmac(header, Claims, Encoding.ASCII.GetBytes(Key.ExportSubjectPublicKeyInfoPem())));
    }

    [Fact]
    public async Task Read_KeyOfAnotherCluster_IsRefused()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusedAsync(DevTokens.Sign(DevTokens.Header(), Claims, foreign));

        var header = DevTokens.Header();
        var point = foreign.ExportParameters(includePrivateParameters: false).Q;
        header["jwk"] = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(point.X!),
            ["y"] = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(point.Y!),
        };
        await RefusedAsync(DevTokens.Sign(header, Claims, foreign));
    }

    [Fact]
    public async Task Read_ChangedClaims_AreRefused()
    {
        var parts = DevTokens.Sign(DevTokens.Header(), Claims, Key).Split('.');
        var other = Claims;
        other["tenant"] = "other";
        parts[1] = DevTokens.Unsigned(DevTokens.Header(), other).Split('.')[1];
        await RefusedAsync(string.Join('.', parts));
    }

    [Theory]
    [InlineData("iss", "\"urn:agentruntime:dev:c2\"")]
    [InlineData("iss", "null")]
    [InlineData("aud", "\"c2\"")]
    [InlineData("aud", "null")]
    [InlineData("exp", "null")]
    [InlineData("exp", "99999999999")]
    [InlineData("nbf", "null")]
    [InlineData("nbf", "99999999999")]
    [InlineData("auth_time", "null")]
    [InlineData("auth_time", "\"soon\"")]
    [InlineData("auth_time", "99999999999")]
    [InlineData("auth_time", "1e300")]
    [InlineData("jti", "null")]
    [InlineData("sub", "null")]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", "[\"anna\"]")]
    [InlineData("person", "\"a|b\"")]
    [InlineData("person", "\"anna\\u202e\"")]
    [InlineData("person", "\"anna\\u0000\"")]
    [InlineData("tenant", "\"ACME\"")]
    [InlineData("tenant", "\"acme/x\"")]
    [InlineData("tenant", "null")]
    [InlineData("tenant", "{}")]
    [InlineData("roles", "\"approver\"")]
    [InlineData("roles", "[1]")]
    [InlineData("roles", "[\"approver\",\"platform-operator\"]")]
    [InlineData("roles", "null")]
    public async Task Read_WrongClaim_IsRefused(string name, string json)
    {
        var claims = Claims;
        if (json == "null") claims.Remove(name);
        else claims[name] = JsonNode.Parse(json);
        await RefusedAsync(DevTokens.Sign(DevTokens.Header(), claims, Key));
    }

    [Fact]
    public async Task Read_ClaimTwice_IsRefused()
    {
        var claims = Claims.ToJsonString();
        await RefusedAsync(DevTokens.Sign(DevTokens.Header().ToJsonString(), claims[..^1] + ",\"tenant\":\"other\"}", Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    public async Task Read_NoToken_IsRefused(string text) => await RefusedAsync(text);

    [Fact]
    public async Task Read_HugeToken_IsRefused() => await RefusedAsync(new string('a', 1_000_000));

    private async Task RefusedAsync(string token)
    {
        var fault = await Assert.ThrowsAsync<AgentRuntimeException>(() => _reader.ReadAsync(token));
        Assert.Equal(ErrorCode.Unauthenticated, fault.Code);
        if (token.Length > 20) Assert.DoesNotContain(token[..20], fault.Message, StringComparison.Ordinal);
    }
}
