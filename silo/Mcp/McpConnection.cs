using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Mcp.Listing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Mcp;

/// <summary>A session with a server that answered the greeting, and the copy of its list of tools.</summary>
internal sealed class McpConnection(McpPeer peer, McpClient client, McpChannel channel, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private McpToolList? _list;
    private int _listedChange;
    private DateTimeOffset _listedAt;

    /// <summary>False once the server's process or session has ended.</summary>
    public bool IsOpen => !client.Completion.IsCompleted;

    public TenantSecrets Secrets => peer.Secrets;

    /// <summary>The server's list: the copy, unless the server has said that it changed, or it is old.</summary>
    public async Task<McpToolList> GetListAsync(TimeSpan maxAge, CancellationToken cancellation)
    {
        if (Fresh(maxAge) is { } copy) return copy;
        await _reading.WaitAsync(cancellation);
        try
        {
            if (Fresh(maxAge) is { } read) return read;
            var change = peer.Changes;
            var list = await McpLister.ReadAsync(client, peer.Server, cancellation);
            (_list, _listedChange, _listedAt) = (list, change, time.GetUtcNow());
            return list;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Calls a tool and returns the server's answer as it is. Cancelling tells the server.</summary>
    public async Task<JsonElement> CallAsync(string tool, JsonElement arguments, JsonObject meta, CancellationToken cancellation)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments.GetRawText()), ["_meta"] = meta };
        var response = await client.SendRequestAsync(new JsonRpcRequest { Method = RequestMethods.ToolsCall, Params = parameters }, cancellation);
        return McpJson.ToElement(response.Result);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.BeforeCloseAsync();
        await client.DisposeAsync();
        await channel.DisposeAsync();
    }

    private McpToolList? Fresh(TimeSpan maxAge) =>
        _list is { } list && _listedChange == peer.Changes && time.GetUtcNow() - _listedAt < maxAge ? list : null;
}
