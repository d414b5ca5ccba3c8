using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace AgentRuntime.Benchmarks.FrontDoor;

/// <summary>One caller's connection to the front door, by plain gRPC: nothing of our own client stands between.</summary>
internal sealed class DoorCalls : IDisposable
{
    private static readonly Method<V1.StartRunRequest, V1.Run> Start = Unary<V1.StartRunRequest, V1.Run>("StartRun", V1.Run.Parser);
    private static readonly Method<V1.GetRunRequest, V1.Run> Get = Unary<V1.GetRunRequest, V1.Run>("GetRun", V1.Run.Parser);

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;
    private readonly Metadata _metadata;

    public DoorCalls(string endpoint, string token)
    {
        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler(), DisposeHttpClient = true });
        _invoker = _channel.CreateCallInvoker();
        _metadata = new Metadata { { "authorization", $"Bearer {token}" } };
    }

    public Task<V1.Run> StartAsync(string tenant, string requestId) => CallAsync(
        Start, new V1.StartRunRequest { Parent = $"tenants/{tenant}", Agent = $"tenants/{tenant}/agents/bench", Input = "0", RequestId = requestId });

    public Task<V1.Run> GetAsync(string run) => CallAsync(Get, new V1.GetRunRequest { Name = run });

    /// <summary>How long a refusal asks to wait.</summary>
    public static TimeSpan PauseOf(RpcException refusal) => refusal.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan() ?? TimeSpan.Zero;

    public void Dispose() => _channel.Dispose();

    private async Task<TResponse> CallAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        using var call = _invoker.AsyncUnaryCall(method, host: null, new CallOptions(_metadata), request);
        return await call.ResponseAsync;
    }

    private static Method<TRequest, TResponse> Unary<TRequest, TResponse>(string name, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => new(
        MethodType.Unary,
        "agentruntime.v1.Runs",
        name,
        Marshallers.Create<TRequest>((message, context) => context.Complete(message.ToByteArray()), _ => throw new NotSupportedException()),
        Marshallers.Create<TResponse>((_, _) => throw new NotSupportedException(), context => parser.ParseFrom(context.PayloadAsReadOnlySequence())));
}
