using System.Text;
using AgentRuntime.Mcp;

namespace AgentRuntime.Silo.Tests.Mcp;

public sealed class BoundedStreamTests
{
    [Theory]
    [InlineData(nameof(MessageLimit.Line), "12345678\n12345678\n12345678", true)]
    [InlineData(nameof(MessageLimit.Line), "1234\n123456789\n", false)]
    [InlineData(nameof(MessageLimit.Whole), "1234\n567", true)]
    [InlineData(nameof(MessageLimit.Whole), "1\n\n2\n\n3\n\n4\n\n5", false)]
    [InlineData(nameof(MessageLimit.Event), "data:1\n\ndata:2\r\n\r\ndata:3\n\n", true)]
    [InlineData(nameof(MessageLimit.Event), "data:1\ndata:2\n\n", false)]
    public async Task Read_MessagesOfAtMostEightBytes_BreaksOffAtALargerOne(string framing, string text, bool fits)
    {
        var limit = Enum.Parse<MessageLimit>(framing);
        foreach (var chunk in new[] { 1, 3, 64 })
        {
            var reading = ReadAsync(new BoundedStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), limit, maxBytes: 8), chunk);
            if (fits) Assert.Equal(text, await reading);
            else await Assert.ThrowsAsync<MessageTooLargeException>(() => reading);
        }
    }

    [Fact]
    public async Task Read_End_IsTold()
    {
        var ended = 0;
        await ReadAsync(new BoundedStream(new MemoryStream([1, 2]), MessageLimit.Whole, 8, () => ended++), 1);
        Assert.Equal(1, ended);
    }

    private static async Task<string> ReadAsync(Stream stream, int chunk)
    {
        var text = new StringBuilder();
        var buffer = new byte[chunk];
        while (await stream.ReadAsync(buffer) is > 0 and var read) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        return text.ToString();
    }
}
