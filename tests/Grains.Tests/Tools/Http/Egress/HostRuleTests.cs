using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Grains.Tests.Tools.Http.Egress;

public sealed class HostRuleTests
{
    [Theory]
    [InlineData("api.example.com", "api.example.com:443", true)]
    [InlineData("api.example.com:443", "api.example.com:443", true)]
    [InlineData("api.example.com:443", "api.example.com:8443", false)]
    [InlineData("api.example.com:443", "api.example.com", false)]
    [InlineData("api.example.com", "api.example.com", true)]
    [InlineData("example.com", "api.example.com:443", false)]
    [InlineData("[::1]:80", "[::1]:80", true)]
    public void Covers_HostAndPort_AsWritten(string outer, string inner, bool covers)
    {
        Assert.True(HostRule.TryParse(outer, out var outerRule));
        Assert.True(HostRule.TryParse(inner, out var innerRule));
        Assert.Equal(covers, outerRule.Covers(innerRule));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*.example.com")]
    [InlineData("https://api.example.com")]
    [InlineData("api.example.com/")]
    [InlineData("Api.example.com")]
    [InlineData("api.example.com.")]
    [InlineData("-a.example.com")]
    [InlineData("api.example.com:080")]
    [InlineData("127.1")]
    [InlineData("1.2.3.256")]
    [InlineData("a.0x1")]
    [InlineData("::1")]
    [InlineData("[::1")]
    public void TryParse_AnyOtherSpelling_IsRefused(string text) => Assert.False(HostRule.TryParse(text, out _));
}
