using AgentRuntime.Models;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Grains.Tests.Models;

public sealed class StreamedReplyTests
{
    [Fact]
    public async Task ReadAsync_PiecesOfText_AreHeardOneByOneAndJoined()
    {
        var heard = new List<string>();
        var reply = await StreamedReply.ReadAsync(Stream(Text("Good "), Text(""), Text("mor"), Text("ning")), 100, heard.Add, CancellationToken.None);
        Assert.Equal("Good morning", reply.Text);
        Assert.Equal(["Good ", "mor", "ning"], heard);
    }

    [Fact]
    public async Task ReadAsync_NoText_IsNull() =>
        Assert.Null((await StreamedReply.ReadAsync(Stream(Text("")), 100, null, CancellationToken.None)).Text);

    [Fact]
    public async Task ReadAsync_CallsUsageAndReason_AreKept()
    {
        var call = new FunctionCallContent("c1", "look");
        var usage = new UsageContent(new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 });
        var reply = await StreamedReply.ReadAsync(
            Stream(
                new ChatResponseUpdate(ChatRole.Assistant, [call]),
                new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls },
                new ChatResponseUpdate(ChatRole.Assistant, [usage])),
            100,
            null,
            CancellationToken.None);
        Assert.Equal([call], reply.Calls);
        Assert.Equal((7, 3), (reply.InputTokens, reply.OutputTokens));
        Assert.Equal(ChatFinishReason.ToolCalls, reply.FinishReason);
    }

    [Fact]
    public async Task ReadAsync_EndlessText_StopsSoonAfterTheLimit()
    {
        var reply = await StreamedReply.ReadAsync(Endless(), 95, null, CancellationToken.None);
        Assert.Equal(100, reply.Text!.Length);
    }

    [Fact]
    public async Task ReadAsync_CancelledBetweenPieces_HearsNoMore()
    {
        using var stop = new CancellationTokenSource();
        var heard = new List<string>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StreamedReply.ReadAsync(
            Endless(),
            1_000,
            text =>
            {
                heard.Add(text);
                stop.Cancel();
            },
            stop.Token));
        Assert.Single(heard);
    }

    private static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text);

    private static async IAsyncEnumerable<ChatResponseUpdate> Stream(params ChatResponseUpdate[] updates)
    {
        foreach (var update in updates)
        {
            await Task.Yield();
            yield return update;
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Endless()
    {
        while (true)
        {
            await Task.Yield();
            yield return Text("ten chars.");
        }
    }
}
