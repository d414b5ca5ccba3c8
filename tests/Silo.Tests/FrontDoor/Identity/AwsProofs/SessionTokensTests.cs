using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.FrontDoor.Identity.Issuers;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.AwsProofs;

public sealed class SessionTokensTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2036, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Read_OnAnotherSilo_IsWhomItWasIssuedTo()
    {
        var (token, issued) = Issue();
        var caller = Silo().Read(token);
        Assert.Equal((issued.Issuer, issued.Subject, issued.Tenant, issued.AuthenticatedAt), (caller.Principal.Issuer, caller.Principal.Subject, caller.Principal.Tenant, caller.Principal.AuthenticatedAt));
        Assert.Equal(_time.GetUtcNow() + SessionTokens.Lifetime, caller.ExpiresAt);
    }

    [Fact]
    public void Read_AfterItsEnd_IsRefused()
    {
        var (token, _) = Issue();
        _time.Advance(SessionTokens.Lifetime - TimeSpan.FromSeconds(1));
        Silo().Read(token);
        _time.Advance(TimeSpan.FromSeconds(1));
        Refuses(Silo(), token);
    }

    [Fact]
    public void Read_AnyLetterChanged_IsRefused()
    {
        var (token, _) = Issue();
        for (var i = 0; i < token.Length; i++) Refuses(Silo(), string.Concat(token.AsSpan(0, i), token[i] == '1' ? "2" : "1", token.AsSpan(i + 1)));
        foreach (var other in new[] { "", ".", "....", "app.acme.0.9999999999.", $"{token}.", $".{token}", new string('a', 300) }) Refuses(Silo(), other);
    }

    [Fact]
    public void Read_OfAnotherClusterKeyOrRole_IsRefused()
    {
        var (token, _) = Issue();
        Refuses(Silo(cluster: "c2"), token);
        Refuses(Silo(key: 2), token);
        Refuses(Silo(role: "app2"), token);
        Refuses(Silo(name: "app2"), token);
    }

    [Fact]
    public void Read_TenantTakenFromTheRole_IsRefused() => Refuses(Silo(tenant: "beta"), Issue().Token);

    private (string Token, Principal Principal) Issue()
    {
        var role = Principals("app", "app", "acme").Named("app")!;
        var principal = role.For(TenantId.Parse("acme"), _time.GetUtcNow())!;
        return (Silo().Issue(role, principal), principal);
    }

    private static void Refuses(SessionTokens silo, string token) => Assert.Equal(ErrorCode.Unauthenticated, Assert.Throws<AgentRuntimeException>(() => silo.Read(token)).Code);

    private SessionTokens Silo(string cluster = "c1", byte key = 1, string name = "app", string role = "app", string tenant = "acme") =>
        new(new SessionKey([key, 2, 3]), Principals(name, role, tenant), new FrontDoorPlace("/", cluster, 0), _time);

    private static AwsPrincipals Principals(string name, string role, string tenant)
    {
        var options = new IdentityOptions();
        options.AwsPrincipals[name] = new AwsPrincipalOptions { Role = $"arn:aws:iam::123456789012:role/{role}", Tenants = { tenant }, Roles = { "agent" } };
        return AwsPrincipals.Read(options);
    }
}
