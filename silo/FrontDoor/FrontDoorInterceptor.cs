using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Admission;
using AgentRuntime.FrontDoor.Errors;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Json;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor;

/// <summary>What every call passes at its method: proof that it was admitted, and on the way back one form of error.</summary>
internal sealed class FrontDoorInterceptor(CallFaults faults, IOptions<FrontDoorOptions> options, TimeProvider time) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            Admit(context);

            // Not left behind when its time is over: it is told, and its place is given back when it has ended.
            return await continuation(request, context);
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
            Admit(context);
            var patience = TimeSpan.FromSeconds(options.Value.MaxReadSeconds);
            await continuation(request, new PatientWriter<TResponse>(responseStream, context.GetHttpContext(), patience, time), context);
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
            Admit(context);
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

    // Whoever has not been admitted to this very method came past the admission.
    private static void Admit(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        UnreachedAnswer.Reached(http);
        if (http.Features.Get<Admitted>() is not { } admitted || admitted.Method != context.Method)
            throw TokenRefusal.Because("was not looked at before the call; this silo is put together wrongly.");
        admitted.Caller?.AttachTo(context);
    }

    private RpcException Translate(Exception fault, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var limit = CallLimit.Lift(http);
        if (fault is OperationCanceledException && (limit is { IsOver: true } || context.Deadline <= time.GetUtcNow().UtcDateTime))
            fault = new TimeoutException("The time of the call is over.", fault);
        return faults.Translate(fault, context.Method, http);
    }

    private static AgentRuntimeException NoSuchForm() =>
        new(ErrorCode.PermissionDenied, "no method of this API takes a stream of requests alone.");
}
