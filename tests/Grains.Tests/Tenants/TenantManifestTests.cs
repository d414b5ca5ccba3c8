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

    [Theory]
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
