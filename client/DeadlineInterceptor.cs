using Grpc.Core;
using Grpc.Core.Interceptors;

namespace AgentRuntime.Client;

/// <summary>Gives each call that has none a deadline. Streams have none: they end by cancellation.</summary>
internal sealed class DeadlineInterceptor(TimeSpan deadline) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (context.Options.Deadline is not null) return continuation(request, context);
        var options = context.Options.WithDeadline(TimeProvider.System.GetUtcNow().UtcDateTime + deadline);
        return continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options));
    }
}
