using Grpc.Core;
using Grpc.Core.Interceptors;

namespace AgentRuntime.Client.Calls;

/// <summary>A call's context with other options.</summary>
internal static class ContextChange
{
    public static ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(
        this ClientInterceptorContext<TRequest, TResponse> context, CallOptions options)
        where TRequest : class
        where TResponse : class => new(context.Method, context.Host, options);
}
