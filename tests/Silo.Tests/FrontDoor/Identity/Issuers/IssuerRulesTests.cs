using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity.Issuers;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.Issuers;

public sealed class IssuerRulesTests
{
    [Fact]
    public void Read_GoodIssuers_AreFoundGood() => Assert.Equal(["corp", "pods"], Read(
        "corp:Authority=https://login.example.com", "corp:Audience=agentruntime", "corp:Tenants:0=*", "corp:Roles:0=developer", "corp:Platform=true",
        "pods:JwksUri=http://127.0.0.1:8001/openid/v1/jwks", "pods:Issuer=https://kubernetes.default.svc", "pods:Audience=agentruntime",
        "pods:Tenants:0=acme", "pods:Roles:0=agent", "pods:TenantClaim=", "pods:RolesClaim=").Select(issuer => issuer.Key).Order());

    [Theory]
    [InlineData("Authority", "http://login.example.com", "a:Authority is 'http://login.example.com'")]
    [InlineData("Authority", "login", "a:Authority is 'login'")]
    [InlineData("Authority", null, "a: needs exactly one of Authority and JwksUri")]
    [InlineData("JwksUri", "https://login.example.com/keys", "a: needs exactly one of Authority and JwksUri")]
    [InlineData("Audience", null, "a:Audience is missing")]
    [InlineData("Tenants:0", "ACME", "a:Tenants holds what is no tenant")]
    [InlineData("Tenants:0", null, "a:Tenants and Roles go together")]
    [InlineData("Roles:0", "root", "a:Roles names 'root'")]
    [InlineData("Roles:0", "platform-operator", "set Platform to true")]
    [InlineData("TenantClaim", "", "exactly one tenant", "Tenants:1=beta")]
    [InlineData("TenantClaim", "", "make two entries", "Platform=true")]
    [InlineData("PersonClaim", "", "a:PersonClaim is empty")]
    public void Read_WrongSetting_IsRefusedWithKeyAndFix(string key, string? value, string message, string? more = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Authority"] = "https://login.example.com", ["Audience"] = "agentruntime", ["Tenants:0"] = "acme", ["Roles:0"] = "developer",
        };
        settings[key] = value;
        if (value is null) settings.Remove(key);
        var lines = settings.Select(each => $"a:{each.Key}={each.Value}").ToList();
        if (more is not null) lines.Add($"a:{more}");
        var fault = Assert.Throws<AgentRuntimeException>(() => Read([.. lines]));
        Assert.Equal(ErrorCode.InvalidArgument, fault.Code);
        Assert.Contains("FrontDoor:Identity:Issuers:a", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OneIssuerTwice_IsRefused()
    {
        string[] Entry(string name) => [$"{name}:Authority=https://login.example.com", $"{name}:Audience=x", $"{name}:Tenants:0=acme", $"{name}:Roles:0=agent"];
        Assert.Contains("one issuer", Assert.Throws<AgentRuntimeException>(() => Read([.. Entry("a"), .. Entry("b")])).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<TrustedIssuer> Read(params string[] lines)
    {
        var settings = lines.Select(line => line.Split('=', 2)).ToDictionary(pair => $"{IdentityOptions.SectionName}:Issuers:{pair[0]}", pair => (string?)pair[1]);
        var options = new IdentityOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(IdentityOptions.SectionName).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        return TrustedIssuer.Read(options);
    }
}
