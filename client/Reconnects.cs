using AgentRuntime.Client.Calls;
using Grpc.Core;

namespace AgentRuntime.Client;

/// <summary>Decides whether a broken stream is worth another connection. What arrives proves that the server is back and starts the count again.</summary>
internal sealed class Reconnects(int max, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private int _failed;

    /// <summary>Whether there is another message; null asks the caller to connect again.</summary>
    public async Task<bool?> MoveNextAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellationToken)
    {
        try
        {
            var moved = await stream.MoveNext(cancellationToken);
            _failed = 0;
            return moved;
        }
        catch (RpcException fault) when (LostCalls.IsWorthAnother(fault) && _failed < max && !cancellationToken.IsCancellationRequested)
        {
            var pause = FirstPause * Math.Pow(2, Math.Min(_failed++, 10));
            if (pause > LongestPause) pause = LongestPause;
            await Task.Delay((AgentRuntimeError.RetryAfterOf(fault) ?? TimeSpan.Zero) + (pause * (0.5 + (Random.Shared.NextDouble() / 2))), time, cancellationToken);
            return null;
        }
    }
}
