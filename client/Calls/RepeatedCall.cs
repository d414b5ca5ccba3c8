using Grpc.Core;
using Grpc.Core.Interceptors;

namespace AgentRuntime.Client.Calls;

/// <summary>One call as its caller sees it: one span and one deadline over all its attempts.</summary>
internal sealed class RepeatedCall<TRequest, TResponse>(
    TRequest request,
    ClientInterceptorContext<TRequest, TResponse> context,
    Interceptor.AsyncUnaryCallContinuation<TRequest, TResponse> send,
    CallLimits limits,
    TimeProvider time)
    where TRequest : class
    where TResponse : class
{
    private AsyncUnaryCall<TResponse>? _attempt;
    private volatile bool _isGivenUp;

    /// <exception cref="RpcException">The server refused, or nobody answered in time.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<TResponse> RunAsync()
    {
        using var span = ClientTracing.Start(context.Method);
        var options = context.Options.WithHeaders(ClientTracing.Inject(span, context.Options.Headers));
        if (options.Deadline is null) options = options.WithDeadline(time.GetUtcNow().UtcDateTime + limits.Deadline);
        var pauses = new Pauses(limits.Patience, time);
        while (true)
        {
            try
            {
                _attempt = send(request, context.With(options));
                return await _attempt.ResponseAsync;
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.Cancelled && options.CancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(fault.Message, fault, options.CancellationToken);
            }
            catch (RpcException fault)
            {
                if (pauses.Next(fault, options.Deadline!.Value) is not { } pause || _isGivenUp)
                {
                    ClientTracing.Failed(span, fault);
                    throw;
                }

                await Task.Delay(pause, time, options.CancellationToken);
            }
        }
    }

    public async Task<Metadata> HeadersAsync(Task<TResponse> response)
    {
        await response;
        return await _attempt!.ResponseHeadersAsync;
    }

    public Status GetStatus() => _attempt!.GetStatus();

    public Metadata GetTrailers() => _attempt!.GetTrailers();

    /// <summary>Gives the call up, as gRPC does with one that is disposed before it is answered.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        _attempt?.Dispose();
    }
}
