using System.Diagnostics.Metrics;
using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Mcp;
using AgentRuntime.Mcp.Children;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Mcp.Importing;
using AgentRuntime.Mcp.Listing;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Http.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Silo.Tests.Mcp;

/// <summary>What calls servers, without a silo around it.</summary>
internal sealed class McpBench : IAsyncDisposable
{
    public static readonly TenantId Acme = TenantId.Parse("acme");

    private readonly ChildStarter _starter = new();
    private readonly ToolGateway _gateway;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private int _calls;

    public McpBench(McpServerOptions server, TimeProvider? time = null, ILogger? log = null, int maxConnections = 64)
    {
        var options = new McpOptions { MaxConnections = maxConnections };
        options.Servers[OwnServer.Name] = server;
        var clock = time ?? TimeProvider.System;
        var logs = new OneLogger(log ?? NullLogger.Instance);
        var servers = new McpServers(Options.Create(options));
        var dialer = new McpDialer(_starter, parts: null!, new SecretSource(Options.Create(new SecretOptions())), clock, new Logger<McpDialer>(logs));
        Connections = new McpConnections(servers, dialer, Options.Create(options), clock, new Logger<McpLink>(logs));
        Invoker = new McpToolInvoker(Connections, servers, clock);
        _gateway = new ToolGateway(Options.Create(new ToolGatewayOptions { StopGraceMs = 2_000 }), new ToolInstruments(_meters.GetRequiredService<IMeterFactory>()), clock, NullLogger<ToolGateway>.Instance);
    }

    public McpConnections Connections { get; }

    public McpToolInvoker Invoker { get; }

    public async Task<McpToolList> ListAsync()
    {
        using var lease = Connections.Rent(Acme, OwnServer.Name);
        return (await lease.Link.GetAsync(fresh: true, CancellationToken.None)).List;
    }

    /// <summary>A published version of a tool that the server lists now.</summary>
    public async Task<ToolVersion> ToolAsync(string wireName, int timeoutMs = 20_000)
    {
        var entry = (await ListAsync()).Find(wireName)!;
        var contract = McpDrafts.ContractOf(OwnServer.Name, entry, new ImportWish([], timeoutMs, null));
        return new ToolVersion(
            McpDrafts.IdOf(OwnServer.Name, wireName), contract, new string('a', 64), "model-name", "dave", "rita", BlockedReason: null, DateTimeOffset.UnixEpoch);
    }

    /// <summary>One attempt through the gateway.</summary>
    public Task<ToolOutcome> CallAsync(ToolVersion tool, object arguments, TenantId? tenant = null) => BeginAsync(tool, arguments, tenant ?? Acme, CancellationToken.None);

    /// <summary>One attempt that a test may stop.</summary>
    public async Task<ToolOutcome> BeginAsync(ToolVersion tool, object arguments, TenantId tenant, CancellationToken stop)
    {
        var invocation = new ToolInvocation(
            tenant, $"acme/run/1/{Interlocked.Increment(ref _calls)}", 1, tool, JsonSerializer.SerializeToElement(arguments), DateTimeOffset.MaxValue);
        return await _gateway.InvokeAsync(new ToolPreparer([Invoker]).Prepare(tool), invocation, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Connections.DisposeAsync();
        await _meters.DisposeAsync();
        _starter.Dispose();
    }

    private sealed class OneLogger(ILogger log) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }
}
