using System.Runtime.CompilerServices;
using AgentRuntime.Client.Calls;
using AgentRuntime.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace AgentRuntime.Client;

/// <summary>
/// The front door over gRPC. Safe for concurrent use; one for a program is enough.
/// <para>
/// Calls that find nobody are repeated for <see cref="AgentRuntimeClientOptions.Patience"/>, which is safe: nothing is done twice. Where the answer to a
/// change was lost, the repetition gets it: runs, forks and inputs have request ids; decisions, agents and publications are known by who made them and what they
/// say. Two kinds of repetition are refused although the change was made, and a look with a Get shows that it was: a change with an etag
/// to a tenant or to a tool's block (FAILED_PRECONDITION), and the deletion of an agent (NOT_FOUND).
/// </para>
/// <para>
/// A call that is refused throws <see cref="RpcException"/>; <see cref="AgentRuntimeError.Of"/> reads what the server said. A call whose token is cancelled
/// throws <see cref="OperationCanceledException"/>.
/// </para>
/// </summary>
public sealed partial class AgentRuntimeClient : IDisposable
{
    /// <summary>The source of the spans of all calls, for whoever listens to it. A span's context travels with the call (W3C Trace Context).</summary>
    public const string ActivitySourceName = "AgentRuntime.Client";

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;
    private readonly ResourceNames _names;
    private readonly int _maxReconnects;

    /// <summary>Creates a client. Nothing is sent yet.</summary>
    /// <param name="options">Where the front door is and who calls.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range; the message names it and the fix.</exception>
    public AgentRuntimeClient(AgentRuntimeClientOptions options)
        : this(FrontDoorChannel.To(options), new CallLimits(options.Deadline, options.Patience), options.MaxReconnects, options.Tenant)
    {
    }

    private AgentRuntimeClient(GrpcChannel channel, CallLimits limits, int maxReconnects, string? tenant)
    {
        _channel = channel;
        _maxReconnects = maxReconnects;
        _names = new ResourceNames(tenant);
        _invoker = _channel.Intercept(new CallInterceptor(limits, TimeProvider.System));
        Agents = new Agents.AgentsClient(_invoker);
        Runs = new Runs.RunsClient(_invoker);
        Sessions = new Sessions.SessionsClient(_invoker);
        Tools = new Tools.ToolsClient(_invoker);
        Approvals = new Approvals.ApprovalsClient(_invoker);
        Tenants = new Tenants.TenantsClient(_invoker);
        Dashboard = new Dashboard.DashboardClient(_invoker);
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

    /// <summary>Ways in to the dashboard, for platform operators.</summary>
    public Dashboard.DashboardClient Dashboard { get; }

    /// <summary>
    /// The records of a run after <paramref name="afterSeq"/> (null: all), each exactly once and in order, until the run ends. A lost connection
    /// is made again and goes on after the last record, so that a watch outlives restarts of the silo and its token.
    /// </summary>
    /// <param name="run">The run's name, or its id where the client knows the tenant.</param>
    /// <param name="afterSeq">The last record that is not wanted; null for all of them.</param>
    /// <param name="cancellationToken">Ends the watch. The run goes on.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered for too long.</exception>
    public async IAsyncEnumerable<RunRecord> WatchRunAsync(
        string run, long? afterSeq = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new WatchRunRequest { Name = _names.Of("runs", run) };
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
    public IAsyncEnumerable<WatchRunResponse> WatchRunWithDeltasAsync(string run, long? afterSeq = null, CancellationToken cancellationToken = default) =>
        FollowRunAsync(run, afterSeq, includeDeltas: true, cancellationToken);

    internal IAsyncEnumerable<WatchRunResponse> FollowRunAsync(string run, long? afterSeq, bool includeDeltas, CancellationToken cancellationToken)
    {
        var request = new WatchRunRequest { Name = _names.Of("runs", run), IncludeDeltas = includeDeltas };
        if (afterSeq is { } seq) request.AfterSeq = seq;
        return FollowAsync(request, cancellationToken);
    }

    /// <summary>A run as the lines of a file that holds all that is needed to look at it elsewhere. A connection that is lost ends it with an error.</summary>
    /// <exception cref="RpcException">The server refused, or the connection was lost.</exception>
    public async IAsyncEnumerable<string> ExportRunAsync(string run, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var call = Runs.ExportRun(new ExportRunRequest { Name = _names.Of("runs", run) }, cancellationToken: cancellationToken);
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken)) yield return response.Line;
    }

    /// <summary>The approvals that wait, and then each one that comes or changes: at least once. Never ends by itself.</summary>
    /// <exception cref="RpcException">The server refused, or nobody answered for too long.</exception>
    public async IAsyncEnumerable<Approval> WatchApprovalsAsync(string parent, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Ending);
        var reconnects = new Reconnects(_maxReconnects, TimeProvider.System);
        while (true)
        {
            using var call = Approvals.WatchApprovals(new WatchApprovalsRequest { Parent = parent }, cancellationToken: ends.Token);
            while (await reconnects.MoveNextAsync(call.ResponseStream, ends.Token) is { } moved)
            {
                if (!moved) yield break;
                if (call.ResponseStream.Current.Approval is { } approval) yield return approval;
            }
        }
    }

    /// <summary>Whether a silo answers and serves. Needs no token.</summary>
    /// <param name="part">A part of the silo, such as <c>store</c>: whether it takes what is written; empty for the silo as a whole.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RpcException">Nobody answered in time, or the server does not know the part (NOT_FOUND).</exception>
    public Task<bool> IsServingAsync(string part = "", CancellationToken cancellationToken = default) => HealthCheck.IsServingAsync(_invoker, part, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    /// <summary>A client whose connections know themselves where they lead and who calls.</summary>
    /// <param name="connections">Opens them.</param>
    /// <param name="tenant">The tenant that the client speaks for.</param>
    /// <param name="ending">Ends all watches.</param>
    internal static AgentRuntimeClient Over(HttpMessageHandler connections, string tenant, CancellationToken ending) => new(
        FrontDoorChannel.Over(connections),
        new CallLimits(AgentRuntimeClientOptions.DefaultDeadline, AgentRuntimeClientOptions.DefaultPatience),
        AgentRuntimeClientOptions.DefaultMaxReconnects,
        tenant)
    {
        Ending = ending,
    };

    private CancellationToken Ending { get; init; }

    private async IAsyncEnumerable<WatchRunResponse> FollowAsync(WatchRunRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Ending);
        var reconnects = new Reconnects(_maxReconnects, TimeProvider.System);
        while (true)
        {
            using var call = Runs.WatchRun(request, cancellationToken: ends.Token);
            while (await reconnects.MoveNextAsync(call.ResponseStream, ends.Token) is { } moved)
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
