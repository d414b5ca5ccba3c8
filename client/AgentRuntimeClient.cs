using System.Runtime.CompilerServices;
using AgentRuntime.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace AgentRuntime.Client;

/// <summary>
/// The front door over gRPC. Calls that find nobody are repeated a few times, which is safe because every change carries a request id or
/// changes nothing the second time. Safe for concurrent use.
/// </summary>
public sealed class AgentRuntimeClient : IDisposable
{
    private const int MaxMessageBytes = 64 * 1024 * 1024;

    private readonly GrpcChannel _channel;
    private readonly int _maxReconnects;

    /// <summary>Creates a client. Nothing is sent yet.</summary>
    /// <param name="options">Where the front door is and who calls.</param>
    public AgentRuntimeClient(AgentRuntimeClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _maxReconnects = options.MaxReconnects;
        _channel = GrpcChannel.ForAddress(options.Endpoint, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = MaxMessageBytes,
            MaxSendMessageSize = MaxMessageBytes,
            // Loopback is the only place where the token travels in clear text: the server refuses development tokens elsewhere.
            UnsafeUseInsecureChannelCallCredentials = options.Endpoint.IsLoopback,
            Credentials = ChannelCredentials.Create(
                options.Endpoint.Scheme == Uri.UriSchemeHttps ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
                CallCredentials.FromInterceptor(async (context, metadata) =>
                    metadata.Add("authorization", $"Bearer {await options.Token(context.CancellationToken)}"))),
            ServiceConfig = new ServiceConfig { MethodConfigs = { RetryUnavailable() } },
        });
        var invoker = _channel.Intercept(new DeadlineInterceptor(options.Deadline));
        Agents = new Agents.AgentsClient(invoker);
        Runs = new Runs.RunsClient(invoker);
        Tools = new Tools.ToolsClient(invoker);
        Approvals = new Approvals.ApprovalsClient(invoker);
        Tenants = new Tenants.TenantsClient(invoker);
    }

    /// <summary>Agents and their definitions.</summary>
    public Agents.AgentsClient Agents { get; }

    /// <summary>Runs. To follow one see <see cref="WatchRunAsync"/>.</summary>
    public Runs.RunsClient Runs { get; }

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
        var reconnects = new Reconnects(_maxReconnects);
        while (true)
        {
            var request = new WatchRunRequest { Name = run };
            if (afterSeq is { } seq) request.AfterSeq = seq;
            using var call = Runs.WatchRun(request, cancellationToken: cancellationToken);
            while (await reconnects.MoveNextAsync(call.ResponseStream, cancellationToken) is { } moved)
            {
                if (!moved) yield break;
                if (call.ResponseStream.Current.Record is not { } record) continue;
                afterSeq = record.Seq;
                yield return record;
            }
        }
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

    private static MethodConfig RetryUnavailable() => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 4,
            InitialBackoff = TimeSpan.FromMilliseconds(100),
            MaxBackoff = TimeSpan.FromSeconds(1),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };
}
