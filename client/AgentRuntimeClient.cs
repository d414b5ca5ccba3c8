using System.Runtime.CompilerServices;
using AgentRuntime.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace AgentRuntime.Client;

/// <summary>
/// The front door over gRPC. Calls that find nobody are repeated a few times, which is safe because every change carries a request id or
/// changes nothing the second time. Safe for concurrent use.
/// </summary>
public sealed class AgentRuntimeClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly int _maxReconnects;

    /// <summary>Creates a client. Nothing is sent yet.</summary>
    /// <param name="options">Where the front door is and who calls.</param>
    public AgentRuntimeClient(AgentRuntimeClientOptions options)
        : this(FrontDoorChannel.To(options), options.Deadline, options.MaxReconnects)
    {
    }

    private AgentRuntimeClient(GrpcChannel channel, TimeSpan deadline, int maxReconnects)
    {
        _channel = channel;
        _maxReconnects = maxReconnects;
        var invoker = _channel.Intercept(new DeadlineInterceptor(deadline));
        Agents = new Agents.AgentsClient(invoker);
        Runs = new Runs.RunsClient(invoker);
        Sessions = new Sessions.SessionsClient(invoker);
        Tools = new Tools.ToolsClient(invoker);
        Approvals = new Approvals.ApprovalsClient(invoker);
        Tenants = new Tenants.TenantsClient(invoker);
    }

    /// <summary>Agents and their definitions.</summary>
    public Agents.AgentsClient Agents { get; }

    /// <summary>Runs. To follow one see <see cref="WatchRunAsync"/>.</summary>
    public Runs.RunsClient Runs { get; }

    /// <summary>Conversations: runs one after the other.</summary>
    public Sessions.SessionsClient Sessions { get; }

    /// <summary>Tools and their contracts.</summary>
    public Tools.ToolsClient Tools { get; }

    /// <summary>Approvals. To follow them see <see cref="WatchApprovalsAsync"/>.</summary>
    public Approvals.ApprovalsClient Approvals { get; }

    /// <summary>Tenants, for platform operators.</summary>
    public Tenants.TenantsClient Tenants { get; }

    /// <summary>
    /// The records of a run after <paramref name="afterSeq"/> (null: all), each exactly once and in order, until the run ends. A lost connection
    /// is made again and goes on after the last record.
    /// </summary>
    /// <exception cref="RpcException">The server refused, or nobody answered for too long.</exception>
    public async IAsyncEnumerable<RunRecord> WatchRunAsync(
        string run, long? afterSeq = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new WatchRunRequest { Name = run };
        if (afterSeq is { } seq) request.AfterSeq = seq;
        await foreach (var response in FollowAsync(request, cancellationToken))
        {
            if (response.Record is { } record) yield return record;
        }
    }

    /// <summary>
    /// As <see cref="WatchRunAsync"/>, and between the records what the model says while it says it. Pieces are not durable and may be missing;
    /// they are void once the record of their step is there or <see cref="WatchRunResponse.DeltasVoided"/> says so.
    /// </summary>
    /// <exception cref="RpcException">The server refused, or nobody answered for too long.</exception>
    public IAsyncEnumerable<WatchRunResponse> WatchRunWithDeltasAsync(string run, long? afterSeq = null, CancellationToken cancellationToken = default)
    {
        var request = new WatchRunRequest { Name = run, IncludeDeltas = true };
        if (afterSeq is { } seq) request.AfterSeq = seq;
        return FollowAsync(request, cancellationToken);
    }

    /// <summary>A run as the lines of a file that holds all that is needed to look at it elsewhere. A connection that is lost ends it with an error.</summary>
    /// <exception cref="RpcException">The server refused, or the connection was lost.</exception>
    public async IAsyncEnumerable<string> ExportRunAsync(string run, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var call = Runs.ExportRun(new ExportRunRequest { Name = run }, cancellationToken: cancellationToken);
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken)) yield return response.Line;
    }

    /// <summary>The approvals that wait, and then each one that comes or changes: at least once. Never ends by itself.</summary>
    /// <exception cref="RpcException">The server refused, or nobody answered for too long.</exception>
    public async IAsyncEnumerable<Approval> WatchApprovalsAsync(string parent, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reconnects = new Reconnects(_maxReconnects);
        while (true)
        {
            using var call = Approvals.WatchApprovals(new WatchApprovalsRequest { Parent = parent }, cancellationToken: cancellationToken);
            while (await reconnects.MoveNextAsync(call.ResponseStream, cancellationToken) is { } moved)
            {
                if (!moved) yield break;
                if (call.ResponseStream.Current.Approval is { } approval) yield return approval;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    /// <summary>A client whose connections know themselves where they lead and who calls.</summary>
    internal static AgentRuntimeClient Over(HttpMessageHandler connections) => new(
        FrontDoorChannel.Over(connections), AgentRuntimeClientOptions.DefaultDeadline, AgentRuntimeClientOptions.DefaultMaxReconnects);

    private async IAsyncEnumerable<WatchRunResponse> FollowAsync(WatchRunRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reconnects = new Reconnects(_maxReconnects);
        while (true)
        {
            using var call = Runs.WatchRun(request, cancellationToken: cancellationToken);
            while (await reconnects.MoveNextAsync(call.ResponseStream, cancellationToken) is { } moved)
            {
                if (!moved) yield break;
                var response = call.ResponseStream.Current;
                if (response.EventCase is WatchRunResponse.EventOneofCase.Heartbeat) continue;
                if (response.Record is { } record) request.AfterSeq = record.Seq;
                yield return response;
            }
        }
    }
}
