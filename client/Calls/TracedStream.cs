using System.Diagnostics;
using Grpc.Core;

namespace AgentRuntime.Client.Calls;

/// <summary>A stream whose span ends with it.</summary>
internal sealed class TracedStream<T>(IAsyncStreamReader<T> stream, Activity? span, CancellationToken cancelled) : IAsyncStreamReader<T>
{
    public T Current => stream.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            if (await stream.MoveNext(cancellationToken)) return true;
            span?.Dispose();
            return false;
        }
        catch (RpcException fault) when (fault.StatusCode == StatusCode.Cancelled && (cancellationToken.IsCancellationRequested || cancelled.IsCancellationRequested))
        {
            span?.Dispose();
            throw new OperationCanceledException(fault.Message, fault, cancellationToken.IsCancellationRequested ? cancellationToken : cancelled);
        }
        catch (RpcException fault)
        {
            ClientTracing.Failed(span, fault);
            span?.Dispose();
            throw;
        }
    }
}
