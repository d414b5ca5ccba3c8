using System.Globalization;
using System.Text.Json.Nodes;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Mcp.Listing;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Mcp;

namespace AgentRuntime.Mcp;

/// <summary>Calls tools of MCP servers, while the server's list says of them what their contract was made from.</summary>
internal sealed class McpToolInvoker(McpConnections connections, McpServers servers, TimeProvider clock) : IToolInvoker
{
    public const string IdempotencyKey = "agentruntime/idempotency-key";

    public bool Serves(ToolInvoker invoker) => invoker is McpInvoker;

    // A session outlives the call that opened it and must not hang on the scheduler of that call's run.
    public Task<ToolOutcome> InvokeAsync(ToolInvocation invocation, CancellationToken cancellation) => Task.Factory.StartNew(
        () => CallAsync(invocation, cancellation), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();

    private async Task<ToolOutcome> CallAsync(ToolInvocation call, CancellationToken cancellation)
    {
        TenantSecrets? sent = null;
        try
        {
            var mcp = (McpInvoker)call.Tool.Contract.Invoker;
            McpContractRules.RequireServer(call.Tool.Contract, call.Tenant, servers);
            using var lease = connections.Rent(call.Tenant, mcp.Server);
            var (connection, list) = await lease.Link.GetAsync(fresh: false, cancellation);
            if (McpChange.Find(call.Tool.Contract, list) is { Count: > 0 } changes) return Changed(call, mcp, changes);
            if (clock.GetUtcNow() >= call.Deadline)
                return new ToolOutcome.Failed(ErrorCode.Timeout, $"The deadline passed before tool '{call.Tool.Tool}' was called.", IsTransient: true, Sent: false);
            cancellation.ThrowIfCancellationRequested();
            sent = connection.Secrets;
            var answer = await connection.CallAsync(call.Tool.Contract.WireName, call.Arguments, MetaOf(call), cancellation);
            return McpAnswer.Read(answer, call, connection.Secrets);
        }
        catch (Exception fault)
        {
            return McpFailures.Of(fault, call, sent is not null, sent);
        }
    }

    private static ToolOutcome.Failed Changed(ToolInvocation call, McpInvoker mcp, IReadOnlyList<McpChange> changes) => new(
        ErrorCode.FailedPrecondition,
        $"Tool '{call.Tool.Tool}' is not called: MCP server '{mcp.Server}' has changed what it says of '{call.Tool.Contract.WireName}' since the contract was made"
            + $" ({McpChange.Summary(changes)}). Import it again and let a tool reviewer publish it; 'agentctl tool diff {call.Tool.Tool}' shows the difference.",
        IsTransient: false,
        Sent: false);

    // Trace context as bare keys: MCP, SEP-414. The key of ours has a prefix, as the specification of _meta asks for.
    private static JsonObject MetaOf(ToolInvocation call)
    {
        var meta = new JsonObject
        {
            [IdempotencyKey] = call.IdempotencyKey,
            ["progressToken"] = string.Create(CultureInfo.InvariantCulture, $"{call.IdempotencyKey}#{call.Attempt}"),
        };
        if (TraceContext.Write(call.Trace) is { } trace) meta[TraceContext.Key] = trace;
        return meta;
    }
}
