using AgentRuntime.Common;
using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Grains.Tests.Tools.Http.Egress;

public sealed class EgressUrlTests
{
    [Theory]
    [InlineData("https://api.example.com/a?b=c", "api.example.com:443")]
    [InlineData("http://xn--bcher-kva.example:8080", "xn--bcher-kva.example:8080")]
    [InlineData("https://203.0.113.9:8443/", "203.0.113.9:8443")]
    [InlineData("https://[2606:4700::1]/", "[2606:4700::1]:443")]
    public void Parse_UsualSpelling_NamesTheTarget(string url, string target) => Assert.Equal(target, EgressUrl.Parse(url, "url").Target.ToString());

    [Theory]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://127.0.0.01/")]
    [InlineData("http://localhost./")]
    [InlineData("http://LOCALHOST/")]
    [InlineData("http://user@api.example.com/")]
    [InlineData("http://api.example.com:80@127.0.0.1/")]
    [InlineData("http://127.0.0.1\\@api.example.com/")]
    [InlineData("http://[::ffff:127.0.0.1]:x/")]
    [InlineData("http://[::FFFF:127.0.0.1]/")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://bücher.example/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://①27.0.0.1/")]
    [InlineData("http://%31%32%37.0.0.1/")]
    [InlineData("http://a..b/")]
    [InlineData("http:///etc/passwd")]
    [InlineData("http://api.example.com:0/")]
    [InlineData("http://api.example.com:99999/")]
    [InlineData("http://api.example.com:/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://api.example.com/")]
    [InlineData("https:/api.example.com/")]
    [InlineData("//api.example.com/")]
    [InlineData("https://api.exa mple.com/")]
    [InlineData("https://api.example.com/\r\nX: y")]
    public void Parse_AnyOtherSpelling_IsRefused(string url) => Assert.Throws<InvalidInputException>(() => EgressUrl.Parse(url, "url"));
}
