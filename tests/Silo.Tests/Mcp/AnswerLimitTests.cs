using System.Threading.Channels;
using AgentRuntime.Mcp;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Silo.Tests.Mcp;

public sealed class AnswerLimitTests
{
    [Fact]
    public async Task Send_AnswersThatNobodyReads_AreFewAndOurOwnRequestsGoOn()
    {
        var pipe = new FullPipe();
        var limit = new AnswerLimit(pipe);
        var waiting = Enumerable.Range(0, 1_000).Select(_ => limit.SendMessageAsync(new JsonRpcResponse { Id = new RequestId("ping"), Result = null }, Cancellation)).ToList();
        Assert.Equal(AnswerLimit.MaxAtOnce, pipe.Sent);
        Assert.Equal(1_000 - AnswerLimit.MaxAtOnce, waiting.Count(answer => answer.IsCompletedSuccessfully));
        var request = limit.SendMessageAsync(new JsonRpcRequest { Id = new RequestId("call"), Method = "tools/call" }, Cancellation);
        Assert.Equal(AnswerLimit.MaxAtOnce + 1, pipe.Sent);

        pipe.Room.SetResult();

        await Task.WhenAll([.. waiting, request]);
        await limit.SendMessageAsync(new JsonRpcError { Id = new RequestId("roots"), Error = new JsonRpcErrorDetail { Code = -32601, Message = "no" } }, Cancellation);
        Assert.Equal(AnswerLimit.MaxAtOnce + 2, pipe.Sent);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed class FullPipe : ITransport
    {
        public TaskCompletionSource Room { get; } = new();

        public int Sent { get; private set; }

        public string? SessionId => null;

        public ChannelReader<JsonRpcMessage> MessageReader { get; } = Channel.CreateUnbounded<JsonRpcMessage>().Reader;

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            Sent++;
            return Room.Task;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
