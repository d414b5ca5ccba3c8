using Grpc.Core;
using Grpc.Core.Interceptors;

namespace AgentRuntime.Client.Calls;

/// <summary>What each call of a client gets: a span and, unless it is a stream, a deadline and repetitions.</summary>
internal sealed class CallInterceptor(CallLimits limits, TimeProvider time) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = new RepeatedCall<TRequest, TResponse>(request, context, continuation, limits, time);
        var response = call.RunAsync();
        var headers = call.HeadersAsync(response);

        // Hardly anybody asks for them, and then nobody sees that they never came.
        _ = headers.ContinueWith(static faulted => faulted.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return new AsyncUnaryCall<TResponse>(response, headers, call.GetStatus, call.GetTrailers, call.GiveUp);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var span = ClientTracing.StartAside(context.Method);
        var call = continuation(request, context.With(context.Options.WithHeaders(ClientTracing.Inject(span, context.Options.Headers))));
        return new AsyncServerStreamingCall<TResponse>(
            new TracedStream<TResponse>(call.ResponseStream, span, context.Options.CancellationToken),
            call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers,
            () =>
            {
                call.Dispose();
                span?.Dispose();
            });
    }
}
