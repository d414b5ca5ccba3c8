using AgentRuntime.Mcp.Children;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Mcp;

/// <summary>What carries a session. A process ends before its session, which would wait for it; an endpoint is told that the session ends.</summary>
internal sealed class McpChannel(IClientTransport transport, ServerProcess? process) : IClientTransport, IAsyncDisposable
{
    public string Name => transport.Name;

    public bool HasEnded => process?.HasEnded ?? false;

    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => new AnswerLimit(await transport.ConnectAsync(cancellationToken));

    public ValueTask BeforeCloseAsync() => process?.DisposeAsync() ?? ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => transport is IAsyncDisposable owned ? owned.DisposeAsync() : ValueTask.CompletedTask;
}
