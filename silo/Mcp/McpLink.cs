using AgentRuntime.Common;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Mcp.Listing;

namespace AgentRuntime.Mcp;

/// <summary>
/// One server of one tenant, whether it is up or not: who calls gets a session, a new one when the last has ended. A server that does not stay
/// up is started ever more rarely.
/// </summary>
internal sealed partial class McpLink(TenantId tenant, string server, McpServerOptions options, McpDialer dialer, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private Task<McpConnection>? _current;
    private DateTimeOffset _startedAt = DateTimeOffset.MinValue;
    private int _shortLives;

    /// <summary>A session whose list of tools is not older than the server's options say.</summary>
    public async Task<(McpConnection Connection, McpToolList List)> GetAsync(bool fresh, CancellationToken cancellation)
    {
        var maxAge = fresh ? TimeSpan.Zero : TimeSpan.FromSeconds(options.RefreshSeconds);
        var opening = Current();
        var isNew = !opening.IsCompleted;
        var connection = await opening.WaitAsync(cancellation);
        try
        {
            return (connection, await connection.GetListAsync(isNew ? TimeSpan.FromSeconds(options.RefreshSeconds) : maxAge, cancellation));
        }
        catch (Exception fault) when (!isNew && !connection.IsOpen && !cancellation.IsCancellationRequested)
        {
            // The session may have ended without anybody being told, as one over HTTP does. Reading a list does nothing, so it may be tried anew.
            LogLost(server, tenant.Value, fault.GetType().Name);
            Drop(opening);
        }

        connection = await Current().WaitAsync(cancellation);
        return (connection, await connection.GetListAsync(TimeSpan.FromSeconds(options.RefreshSeconds), cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        Task<McpConnection>? last;
        lock (_gate)
        {
            if (_closed.IsCancellationRequested) return;
            _closed.Cancel();
            last = _current;
        }

        if (last is not null) await CloseAsync(last);
    }

    private static async Task CloseAsync(Task<McpConnection> opening)
    {
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (Exception)
        {
            // What did not open or was broken needs no more closing.
        }
    }

    private Task<McpConnection> Current()
    {
        lock (_gate)
        {
            _closed.Token.ThrowIfCancellationRequested();
            if (_current is { } current && (!current.IsCompleted || (current.IsCompletedSuccessfully && current.Result.IsOpen))) return current;
            return _current = OpenAsync(_current);
        }
    }

    private void Drop(Task<McpConnection> broken)
    {
        lock (_gate)
        {
            if (_current != broken) return;
            _current = null;
        }

        _ = CloseAsync(broken);
    }

    private async Task<McpConnection> OpenAsync(Task<McpConnection>? last)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (last is not null) await CloseAsync(last);
        await BackOffAsync();
        _startedAt = time.GetUtcNow();
        using var tooLate = new CancellationTokenSource(TimeSpan.FromSeconds(options.StartTimeoutSeconds), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, _closed.Token);
        try
        {
            return await dialer.OpenAsync(tenant, server, options, stop.Token);
        }
        catch (Exception fault)
        {
            var failure = McpFailures.NotUp(server, fault);

            // Other faults may quote the server, and the server what it was given.
            LogFailed(server, tenant.Value, failure.Message, fault is System.ComponentModel.Win32Exception ? fault.Message : fault.GetType().Name);
            throw failure;
        }
    }

    private async Task BackOffAsync()
    {
        var lived = time.GetUtcNow() - _startedAt;
        var most = TimeSpan.FromSeconds(options.MaxBackoffSeconds);
        _shortLives = lived < most ? Math.Min(_shortLives + 1, 16) : 0;
        if (_shortLives == 0) return;
        var apart = TimeSpan.FromTicks(Math.Min(most.Ticks, FirstBackoff.Ticks << (_shortLives - 1)));
        if (apart > lived) await Task.Delay(apart - lived, time, _closed.Token);
    }

    [LoggerMessage(1, LogLevel.Warning, "MCP server {Server} of {Tenant} did not come up: {Reason} ({Fault})")]
    private partial void LogFailed(string server, string tenant, string reason, string fault);

    [LoggerMessage(2, LogLevel.Information, "MCP server {Server} of {Tenant} lost its session ({Fault}); a new one is opened.")]
    private partial void LogLost(string server, string tenant, string fault);
}
