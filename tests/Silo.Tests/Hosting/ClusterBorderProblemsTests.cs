using AgentRuntime.Hosting;
using AgentRuntime.Hosting.Tls;

namespace AgentRuntime.Silo.Tests.Hosting;

public sealed class ClusterBorderProblemsTests
{
    [Fact]
    public void Problems_OfLoopback_AreNone()
    {
        Assert.Empty(ClusterBorder.Problems(new SiloHostOptions()));
        Assert.Empty(ClusterBorder.Problems(new SiloHostOptions { AdvertisedAddress = "::1", Store = SiloHostOptions.AwsStore }));
        Assert.Empty(ClusterBorder.Problems(new SiloHostOptions { GatewayPort = 0, Tls = new ClusterTlsOptions() }));
    }

    [Fact]
    public void Problems_OfOtherAddressesWithTlsAndASharedStore_AreNone() => Assert.Empty(ClusterBorder.Problems(new SiloHostOptions
    {
        AdvertisedAddress = "10.0.3.7", ListenAddress = "0.0.0.0", Store = SiloHostOptions.AwsStore, Tls = new ClusterTlsOptions(), GatewayPort = 30000,
    }));

    [Theory]
    [InlineData("10.0.3.7", null, "AdvertisedAddress")]
    [InlineData("127.0.0.1", "0.0.0.0", "ListenAddress")]
    [InlineData("127.0.0.1", "::", "ListenAddress")]
    public void Problems_OfOtherAddressesWithoutTls_NameKeyAndFix(string advertised, string? listening, string key)
    {
        var problem = Assert.Single(ClusterBorder.Problems(new SiloHostOptions { AdvertisedAddress = advertised, ListenAddress = listening, Store = SiloHostOptions.AwsStore }));
        Assert.StartsWith($"Silo:{key} is not loopback", problem, StringComparison.Ordinal);
        Assert.Contains("Silo:Tls:Certificate:Path", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_OfOtherAddressesOnADataFolder_NameTheStore() =>
        Assert.Contains("--store aws", Assert.Single(ClusterBorder.Problems(new SiloHostOptions { AdvertisedAddress = "10.0.3.7", Tls = new ClusterTlsOptions() })), StringComparison.Ordinal);

    [Fact]
    public void Problems_OfAGatewayWithoutTls_NameTheFix() =>
        Assert.StartsWith("Silo:GatewayPort is set", Assert.Single(ClusterBorder.Problems(new SiloHostOptions { GatewayPort = 30000 })), StringComparison.Ordinal);

    [Theory]
    [InlineData("0.0.0.0", null, "AdvertisedAddress")]
    [InlineData("::", null, "AdvertisedAddress")]
    [InlineData("silo.example.com", null, "AdvertisedAddress")]
    [InlineData("127.0.0.1", "everywhere", "ListenAddress")]
    public void Problems_OfWhatIsNoAddress_NameTheKey(string advertised, string? listening, string key) => Assert.StartsWith(
        $"Silo:{key} is '", Assert.Single(ClusterBorder.Problems(new SiloHostOptions { AdvertisedAddress = advertised, ListenAddress = listening })), StringComparison.Ordinal);
}
