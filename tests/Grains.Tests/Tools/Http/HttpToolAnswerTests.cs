using System.Text;
using AgentRuntime.Tools;

namespace AgentRuntime.Grains.Tests.Tools.Http;

/// <summary>What becomes of what a tool answers.</summary>
public sealed class HttpToolAnswerTests : HttpToolCalls
{
    [Theory]
    [InlineData("429 Slow Down", true)]
    [InlineData("503 Unavailable", true)]
    [InlineData("500 Oops", true)]
    [InlineData("408 Timeout", true)]
    [InlineData("404 Not Found", false)]
    [InlineData("409 Conflict", false)]
    public async Task Invoke_ErrorStatus_IsTransientOrPermanent(string status, bool isTransient)
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("""{"why":"order is gone"}""", status));

        var failed = Failed(await CallAsync(server, "GET", "/", "{}"));

        Assert.Equal((isTransient, true), (failed.IsTransient, failed.Sent));
        Assert.Contains(status[..3], failed.Message);
        Assert.Contains("order is gone", failed.Message);
    }

    [Fact]
    public async Task Invoke_GigabyteWithoutLength_IsCutOff()
    {
        var sent = 0L;
        await using var server = new LoopbackServer(async (_, stream) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"u8.ToArray());
            var block = new byte[64 * 1_024];
            for (; sent < 1L << 30; sent += block.Length)
                await stream.WriteAsync(block);
        });

        var failed = Failed(await CallAsync(server, "GET", "/", "{}"));

        Assert.Equal((ErrorCode.ToolFailed, false, true), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains("more than its 65536 bytes", failed.Message);
        Assert.True(sent < 64 << 20, $"{sent} bytes were read of an answer that is too large.");
    }

    [Fact]
    public async Task Invoke_GigabyteAnnounced_IsRefusedUnread()
    {
        await using var server = new LoopbackServer("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");

        Assert.Contains("more than its 65536 bytes", Failed(await CallAsync(server, "GET", "/", "{}")).Message);
    }

    [Fact]
    public async Task Invoke_EndlessHeaders_AreCutOff()
    {
        await using var server = new LoopbackServer(async (_, stream) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            var line = Encoding.ASCII.GetBytes($"X-A: {new string('a', 1_000)}\r\n");
            for (var i = 0; i < 10_000; i++)
                await stream.WriteAsync(line);
        });

        var failed = Failed(await CallAsync(server, "GET", "/", "{}"));

        Assert.Contains("headers are too large", failed.Message);
    }

    [Fact]
    public async Task Invoke_JsonThatIsNone_Fails()
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("{"));

        Assert.Contains("cannot be read", Failed(await CallAsync(server, "GET", "/", "{}")).Message);
    }

    [Theory]
    [InlineData("Content-Type: application/json\r\nContent-Encoding: gzip", "encoding")]
    [InlineData("Content-Type: text/plain; charset=klingon", "encoding")]
    public async Task Invoke_AnswerInAnotherEncoding_Fails(string headers, string complaint)
    {
        await using var server = new LoopbackServer($"HTTP/1.1 200 OK\r\n{headers}\r\nContent-Length: 2\r\n\r\n{{}}");

        Assert.Contains(complaint, Failed(await CallAsync(server, "GET", "/", "{}")).Message);
    }

    [Fact]
    public async Task Invoke_JsonWithByteOrderMark_IsRead()
    {
        await using var server = new LoopbackServer(LoopbackServer.Json("\ufeff{}"));

        Assert.Equal(new ToolOutcome.Succeeded("{}", true), await CallAsync(server, "GET", "/", "{}"));
    }
}
