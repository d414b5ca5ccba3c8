using System.Net;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Http;

namespace AgentRuntime.Grains.Tests.Tools.Http;

public sealed class HttpToolEgressTests : HttpToolCalls
{
    [Fact]
    public async Task Invoke_RedirectOfGet_IsCheckedAndFollowedWithoutHeaders()
    {
        await using var target = new LoopbackServer(LoopbackServer.Json("""{"at":"target"}"""));
        await using var server = new LoopbackServer($"HTTP/1.1 302 Found\r\nLocation: http://other.test:{target.Port}/x\r\nContent-Length: 0\r\n\r\n");

        var outcome = await CallAsync(server, "GET", "/", "{}", new() { ["X-Team"] = "refunds" });

        Assert.Equal(new ToolOutcome.Succeeded("""{"at":"target"}""", true), outcome);
        Assert.True(target.Requests.TryDequeue(out var request));
        Assert.DoesNotContain("X-Team", request);
    }

    [Theory]
    [InlineData("http://evil.test/", "'evil.test:80' is not among the contract's")]
    [InlineData("http://127.0.0.1/", "'127.0.0.1:80' is not among the contract's")]
    [InlineData("http://0x7f000001/", "usually written")]
    [InlineData("http://2130706433/", "usually written")]
    [InlineData("http://169.254.169.254/latest/meta-data", "not among the contract's")]
    [InlineData("http://shop.test@169.254.169.254/", "user information")]
    [InlineData("file:///etc/passwd", "https URL")]
    [InlineData("//evil.test/", "https URL|not among")]
    public async Task Invoke_RedirectToElsewhere_IsRefused(string location, string complaint)
    {
        await using var server = new LoopbackServer($"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");

        var failed = Failed(await CallAsync(server, "GET", "/", "{}"));

        Assert.Contains(complaint.Split('|'), c => failed.Message.Contains(c, StringComparison.Ordinal));
        Assert.False(failed.IsTransient);
        Assert.True(failed.Sent);
    }

    [Fact]
    public async Task Invoke_RedirectToHostThatIsInside_IsRefusedAtTheConnection()
    {
        PrivateHosts.Remove("other.test");
        await using var server = new LoopbackServer("HTTP/1.1 302 Found\r\nLocation: https://other.test/\r\nContent-Length: 0\r\n\r\n");

        var failed = Failed(await CallAsync(server, "GET", "/", "{}"));

        Assert.Equal((ErrorCode.PolicyDenied, true), (failed.Code, failed.Sent));
        Assert.Contains("'other.test' is at 127.0.0.1", failed.Message);
    }

    [Fact]
    public async Task Invoke_RedirectOfPost_IsNotFollowed()
    {
        await using var server = new LoopbackServer("HTTP/1.1 307 Again\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");

        Assert.Contains("only for GET", Failed(await CallAsync(server, "POST", "/", "{}")).Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Invoke_RedirectsInACircle_Stop()
    {
        await using var server = new LoopbackServer("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");

        Assert.Contains("more than 5 redirects", Failed(await CallAsync(server, "GET", "/", "{}")).Message);
        Assert.Equal(HttpToolInvoker.MaxRedirects + 1, server.Requests.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Invoke_HostAtAnInsideAddress_IsRefusedUnsent(string address)
    {
        Hosts["shop.test"] = [IPAddress.Parse("8.8.8.8"), IPAddress.Parse(address)];
        PrivateHosts.Remove("shop.test");
        await using var server = new LoopbackServer(LoopbackServer.Json("{}"));

        var failed = Failed(await CallAsync("shop.test", server.Port, "GET", "/", "{}", scheme: "https"));

        Assert.Equal((ErrorCode.PolicyDenied, false, false), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains($"'shop.test' is at {address}", failed.Message);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Invoke_MetadataAddressOfAnOptedInHost_IsRefused()
    {
        Hosts["shop.test"] = [IPAddress.Parse("169.254.169.254")];

        Assert.Equal(ErrorCode.PolicyDenied, Failed(await CallAsync("shop.test", 80, "GET", "/", "{}")).Code);
    }

    [Fact]
    public async Task Invoke_NameThatChangesItsMind_IsAskedOnceAndPinned()
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("{}"));
        var asked = 0;

        var outcome = await CallAsync(
            "shop.test", server.Port, "GET", "/", "{}", resolve: (_, _) => Task.FromResult(new[] { asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254") }));

        Assert.IsType<ToolOutcome.Succeeded>(outcome);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Invoke_PlainHttpToHostNotOptedIn_IsRefused()
    {
        PrivateHosts.Remove("shop.test");

        Assert.Contains("must be reached by https", Failed(await CallAsync("shop.test", 80, "GET", "/", "{}")).Message);
    }

    [Fact]
    public async Task Invoke_HostTakenFromTheTenantsList_IsRefused()
    {
        var failed = Failed(await CallAsync("shop.test", 80, "GET", "/", "{}", tenantHosts: []));

        Assert.Equal(ErrorCode.PolicyDenied, failed.Code);
        Assert.Contains("tenant's egress list", failed.Message);
    }
}
