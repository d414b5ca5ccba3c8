using System.Text;
using AgentRuntime.Mcp;
using Microsoft.Extensions.Time.Testing;

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
            var reading = ReadAsync(new BoundedStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), limit, maxBytes: 8, new MessageRate(TimeProvider.System)), chunk);
            if (fits) Assert.Equal(text, await reading);
            else await Assert.ThrowsAsync<MessageTooLargeException>(() => reading);
        }
    }

    [Fact]
    public async Task Read_EndOrBreak_IsTold()
    {
        var ended = new List<Exception?>();
        await ReadAsync(new BoundedStream(new MemoryStream([1, 2]), MessageLimit.Whole, 8, new MessageRate(TimeProvider.System), ended.Add), 1);
        Assert.Null(Assert.Single(ended));
        var broken = await Assert.ThrowsAsync<MessageTooLargeException>(
            () => ReadAsync(new BoundedStream(new MemoryStream([1, 2]), MessageLimit.Whole, 1, new MessageRate(TimeProvider.System), ended.Add), 1));
        Assert.Same(broken, ended[^1]);
    }

    [Theory]
    [InlineData(nameof(MessageLimit.Line), "x\n")]
    [InlineData(nameof(MessageLimit.Event), "data: x\ndata: y\n\n")]
    public async Task Read_MoreMessagesThanTheRate_BreaksOff(string framing, string message)
    {
        var clock = new FakeTimeProvider();
        var source = new Endless(Encoding.UTF8.GetBytes(message));
        var stream = new BoundedStream(source, Enum.Parse<MessageLimit>(framing), maxBytes: 100, new MessageRate(clock));
        var buffer = new byte[message.Length];

        await ReadAsync(MessageRate.Burst);
        clock.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync(MessageRate.PerSecond);

        await Assert.ThrowsAsync<TooManyMessagesException>(() => ReadAsync(1));

        async Task ReadAsync(int count)
        {
            for (var i = 0; i < count; i++) await stream.ReadExactlyAsync(buffer);
        }
    }

    private static async Task<string> ReadAsync(Stream stream, int chunk)
    {
        var text = new StringBuilder();
        var buffer = new byte[chunk];
        while (await stream.ReadAsync(buffer) is > 0 and var read) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        return text.ToString();
    }

    /// <summary>The same message again and again.</summary>
    private sealed class Endless(byte[] message) : MemoryStream(message)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length) Position = 0;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
