using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Mcp.Listing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Mcp;

/// <summary>A session with a server that answered the greeting, and the copy of its list of tools.</summary>
internal sealed class McpConnection(McpPeer peer, McpClient client, McpChannel channel, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a server may take to read that a call was cancelled.</summary>
    private static readonly TimeSpan TellGrace = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private McpToolList? _list;
    private long _calls;
    private int _listedChange;
    private volatile bool _isBroken;
    private DateTimeOffset _listedAt;

    /// <summary>False once the server's process or session has ended, or it has stopped reading.</summary>
    public bool IsOpen => !_isBroken && !client.Completion.IsCompleted && !channel.HasEnded;

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

    /// <summary>Calls a tool and returns the server's answer as it is. Cancelling tells the server, and waits for nothing.</summary>
    public async Task<JsonElement> CallAsync(string tool, JsonElement arguments, JsonObject meta, CancellationToken cancellation)
    {
        var request = new JsonRpcRequest
        {
            Id = new RequestId($"call-{Interlocked.Increment(ref _calls)}"),
            Method = RequestMethods.ToolsCall,
            Params = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments.GetRawText()), ["_meta"] = meta },
        };
        var abandon = new CancellationTokenSource();
        var asking = client.SendRequestAsync(request, abandon.Token);
        try
        {
            return McpJson.ToElement((await asking.WaitAsync(cancellation)).Result);
        }
        catch (OperationCanceledException) when (!asking.IsCompleted)
        {
            _ = AbandonAsync(request.Id, asking, abandon);
            throw;
        }
        catch (Exception)
        {
            // Before the next call it is looked whether the server still knows this session.
            peer.NoteChange();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await channel.BeforeCloseAsync();
        await client.DisposeAsync();
        await channel.DisposeAsync();
    }

    // The protocol's client says that a request was cancelled only if its own wait for the answer has not been cancelled first, so it is said here.
    private async Task AbandonAsync(RequestId id, Task asking, CancellationTokenSource abandon)
    {
        try
        {
            using var limit = new CancellationTokenSource(TellGrace, time);
            var word = new JsonObject { ["requestId"] = id.ToString(), ["reason"] = "The caller no longer waits." };
            await client.SendMessageAsync(new JsonRpcNotification { Method = NotificationMethods.CancelledNotification, Params = word }, limit.Token);
        }
        catch (Exception)
        {
            // It has ended, or reads no more: what is sent next would follow half a message.
            _isBroken = true;
        }

        await abandon.CancelAsync();
        await asking.ContinueWith(static _ => { }, TaskScheduler.Default);
        abandon.Dispose();
    }

    private McpToolList? Fresh(TimeSpan maxAge) =>
        _list is { } list && _listedChange == peer.Changes && time.GetUtcNow() - _listedAt < maxAge ? list : null;
}
