using AgentRuntime.Common;
using AgentRuntime.Tenants;

namespace AgentRuntime.Grains.Tests.Tenants;

public class TenantManifestTests
{
    [Fact]
    public void Parse_Valid_OrdersHosts()
    {
        var manifest = Assert.Single(TenantManifest.Parse("kind: Tenant\nname: demo\nmaxOpenRuns: 10\negressHosts: [b.example.com, \"a.example.com:8443\", 127.0.0.1]"));

        Assert.Equal("demo", manifest.Settings.DisplayName);
        Assert.Equal(["127.0.0.1", "a.example.com:8443", "b.example.com"], manifest.Settings.EgressHosts);
    }

    [Fact]
    public void Parse_Retention_ReadsDaysAndForever()
    {
        var manifest = Assert.Single(TenantManifest.Parse("kind: Tenant\nname: demo\nretention:\n  default: 30d\n  ledger: forever\n  customer: 0d"));

        Assert.Equal(30, manifest.Settings.Retention!.DefaultDays);
        Assert.Equal([new ClassRetention("customer", 0), new ClassRetention("ledger", null)], manifest.Settings.Retention.Classes);
    }

    [Theory]
    [InlineData("retention: { default: 30 }", "'default' must be days, such as 30d, or forever, not '30'")]
    [InlineData("retention: { ledger: -1d }", "'ledger' must be days")]
    [InlineData("retention: { ledger: 99999d }", "retention.ledger: must be 0 to 36500 days, not 99999")]
    [InlineData("retention: { Ledger: 3d }", "retention")]
    [InlineData("maxOpenRuns: 0", "maxOpenRuns: must be 1 to 10000000, not 0")]
    [InlineData("egressHosts: [HTTPS://a]", "egressHosts: must hold lower-case host names")]
    [InlineData("egressHosts: [\"a.example.com:0\"]", "egressHosts: must hold lower-case host names")]
    [InlineData("egressHosts: [A.example.com]", "egressHosts: must hold lower-case host names")]
    [InlineData("egressHosts: [a.example.com.]", "egressHosts: must hold lower-case host names")]
    [InlineData("egressHosts: [a.example.com, a.example.com]", "names 'a.example.com' twice")]
    [InlineData("displayName: \"a\\u0007\"", "displayName: must be 1 to 200 characters without control characters")]
    [InlineData("owner: me", "a manifest has no key 'owner'")]
    public void Parse_Malformed_NamesTheCulprit(string line, string part)
    {
        var refused = Assert.Throws<InvalidInputException>(() => TenantManifest.Parse($"kind: Tenant\nname: demo\n{line}"));

        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }
}
