using System.Diagnostics;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Authorisation;
using AgentRuntime.FrontDoor.Errors;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Tenants;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor;

/// <summary>What every call passes: credential, method table, deadline, and on the way back one form of error.</summary>
internal sealed partial class FrontDoorInterceptor(
    TokenAuthenticator authenticator, ITenantAdmission tenants, IOptions<FrontDoorOptions> options, TimeProvider time, ILogger<FrontDoorInterceptor> log)
    : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await AdmitAsync(context);
            UnknownFields.Require(request);
            return await continuation(request, context)
                .WaitAsync(TimeSpan.FromSeconds(options.Value.MaxUnarySeconds), time, context.CancellationToken);
        }
        catch (Exception fault)
        {
            throw Translate(fault, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await AdmitAsync(context);
            UnknownFields.Require(request);
            await continuation(request, responseStream, context);
        }
        catch (Exception fault)
        {
            throw Translate(fault, context);
        }
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        throw Translate(NoSuchForm(), context);

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await AdmitAsync(context);
            await continuation(requestStream, responseStream, context);
        }
        catch (IOException gone)
        {
            // Whoever resets a stream while it is read has gone.
            throw Translate(new OperationCanceledException("The caller has gone.", gone), context);
        }
        catch (Exception fault)
        {
            throw Translate(fault, context);
        }
    }

    private async Task AdmitAsync(ServerCallContext context)
    {
        var rule = MethodTable.For(context.Method);
        if (rule.Caller == CallerKind.Anyone) return;
        var caller = await authenticator.AuthenticateAsync(context);
        MethodTable.Require(rule, caller.Principal);
        if (caller.Principal.Tenant is { } tenant) tenants.Require(tenant);
        caller.AttachTo(context);
        context.GetHttpContext().Response.Headers[VersionHeader.Name] = VersionHeader.Value;
    }

    private RpcException Translate(Exception fault, ServerCallContext context)
    {
        var traceId = Activity.Current?.TraceId.ToString() ?? context.GetHttpContext().TraceIdentifier;
        if (!ErrorTranslator.IsExpected(fault) && fault is not RpcException) LogUnexpected(context.Method, traceId, fault);
        return ErrorTranslator.Translate(fault, traceId);
    }

    private static AgentRuntimeException NoSuchForm() =>
        new(ErrorCode.PermissionDenied, "no method of this API takes a stream of requests alone.");

    [LoggerMessage(1, LogLevel.Error, "{Method} failed unexpectedly, trace {TraceId}")]
    private partial void LogUnexpected(string method, string traceId, Exception fault);
}
