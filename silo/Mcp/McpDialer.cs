using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.Mcp.Children;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Mcp.Http;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Http.Secrets;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Mcp;

/// <summary>Starts a server, or reaches it, and greets it.</summary>
internal sealed partial class McpDialer(
    ChildStarter starter, EndpointParts parts, SecretSource secrets, TimeProvider time, ILogger<McpDialer> log)
{
    private static readonly Implementation Self = new() { Name = "agent-runtime", Version = typeof(McpDialer).Assembly.GetName().Version!.ToString(3) };

    /// <summary>A session that has its list of tools.</summary>
    public async Task<McpConnection> OpenAsync(TenantId tenant, string server, McpServerOptions options, CancellationToken cancellation)
    {
        var own = new TenantSecrets(secrets, tenant);
        var peer = new McpPeer(tenant, server, own, log);
        var channel = options.IsProcess ? await StartAsync(peer, options, cancellation) : Reach(peer, options);
        McpClient? client = null;
        try
        {
            var greeting = new McpClientOptions
            {
                ClientInfo = Self,
                Handlers = peer.Handlers(),
                InitializationTimeout = TimeSpan.FromSeconds(options.StartTimeoutSeconds),
            };
            client = await McpClient.CreateAsync(channel, greeting, loggerFactory: null, cancellation);
            Listen(client, peer);
            var connection = new McpConnection(peer, client, channel, TimeSpan.FromSeconds(options.StartTimeoutSeconds), time);
            await connection.GetListAsync(TimeSpan.MaxValue, cancellation);
            return connection;
        }
        catch
        {
            await channel.BeforeCloseAsync();
            if (client is not null) await client.DisposeAsync();
            await channel.DisposeAsync();
            throw;
        }
    }

    private async Task<McpChannel> StartAsync(McpPeer peer, McpServerOptions options, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in options.Environment) environment[name] = await peer.Secrets.FillAsync(value, cancellation);
        var launch = new ServerLaunch(
            [.. options.Command.Select(peer.Secrets.FillTenant)], peer.Secrets.FillTenant(options.WorkingDirectory ?? "/"), environment, options.Uid);
        var process = await ServerProcess.StartAsync(starter, launch, new ServerErrors(peer, log), time);
        LogStarted(peer.Server, peer.Tenant.Value, process.Id);
        if (options.Uid is null) LogUnconfined(peer.Server);
        var output = new BoundedStream(process.Output, MessageLimit.Line, options.MaxResponseBytes, new MessageRate(time), fault =>
        {
            // Answers that it does not read would keep its callers waiting.
            if (fault is IOException) process.Kill();
        });
        return new McpChannel(new StreamClientTransport(process.Input, output), process);
    }

    private McpChannel Reach(McpPeer peer, McpServerOptions options)
    {
        var url = EgressUrl.Parse(options.Url!, nameof(options.Url));
        var calls = new EndpointCalls(peer.Tenant, options, url.Target.ToString(), peer.NoteChange, time);
        var http = new HttpClient(new EndpointHandler(parts.Transport, parts.Guard, parts.Tenants, peer.Secrets, calls)) { Timeout = Timeout.InfiniteTimeSpan };
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions { Endpoint = url.Uri, TransportMode = HttpTransportMode.StreamableHttp }, http, loggerFactory: null, ownsHttpClient: true);
        return new McpChannel(transport, process: null);
    }

    // From revision 2026-07-28 on a server says that its list changed only to who listens; before, to everybody.
    private static void Listen(McpClient client, McpPeer peer)
    {
        if (string.CompareOrdinal(client.NegotiatedProtocolVersion, "2026-07-28") < 0 || client.ServerCapabilities.Tools?.ListChanged != true) return;
        var request = new JsonRpcRequest
        {
            Method = RequestMethods.SubscriptionsListen,
            Params = new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } },
        };
        client.SendRequestAsync(request).ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                peer.NoteChange();
            },
            TaskScheduler.Default);
    }

    [LoggerMessage(1, LogLevel.Information, "MCP server {Server} of {Tenant} runs as process {Process}.")]
    private partial void LogStarted(string server, string tenant, int process);

    [LoggerMessage(2, LogLevel.Warning, "MCP server {Server} runs as the silo's user and can read the data folder. Set Mcp:Servers:{Server}:Uid, on a silo that runs as root.")]
    private partial void LogUnconfined(string server);
}
