using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.Mcp.Listing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Mcp;

/// <summary>A session with a server that answered the greeting, and the copy of its list of tools.</summary>
/// <param name="peer">The server, and what it says of its own accord.</param>
/// <param name="client">Speaks the protocol.</param>
/// <param name="channel">What carries it.</param>
/// <param name="patience">How long reading the list may take.</param>
/// <param name="time">The clock.</param>
internal sealed class McpConnection(McpPeer peer, McpClient client, McpChannel channel, TimeSpan patience, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a server may take to read that a call was cancelled.</summary>
    private static readonly TimeSpan TellGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private McpToolList? _list;
    private DateTimeOffset _listedAt;
    private int _listedChange;
    private Task<McpToolList>? _reading;
    private int _readingChange;
    private long _calls;
    private int _inFlight;
    private volatile bool _isBroken;

    /// <summary>False once the server's process or session has ended, or it has stopped reading, or answering while nobody's call is under way.</summary>
    public bool IsOpen => !_isBroken && !client.Completion.IsCompleted && !channel.HasEnded;

    public TenantSecrets Secrets => peer.Secrets;

    /// <summary>The server's list: the copy, unless the server has said that it changed, or it is old. Who asks at once shares one reading.</summary>
    public Task<McpToolList> GetListAsync(TimeSpan maxAge, CancellationToken cancellation)
    {
        Task<McpToolList> reading;
        lock (_gate)
        {
            if (_list is { } copy && _listedChange == peer.Changes && time.GetUtcNow() - _listedAt < maxAge) return Task.FromResult(copy);
            if (_reading is not { IsCompleted: false } || _readingChange != peer.Changes) _reading = ReadAsync(_readingChange = peer.Changes);
            reading = _reading;
        }

        return reading.WaitAsync(cancellation);
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
        Begin();
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
        finally
        {
            lock (_gate) _inFlight--;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await channel.BeforeCloseAsync();
        await client.DisposeAsync();
        await channel.DisposeAsync();
    }

    // What was given up as broken is about to be closed, and would take the call with it.
    private void Begin()
    {
        lock (_gate)
        {
            if (_isBroken) throw new AgentRuntimeException(ErrorCode.Unavailable, $"MCP server '{peer.Server}' is being replaced.", isTransient: true);
            _inFlight++;
        }
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

        // Whether it is at work or stuck is seen when the list is read next.
        peer.NoteChange();
        await abandon.CancelAsync();
        await asking.ContinueWith(static _ => { }, TaskScheduler.Default);
        abandon.Dispose();
    }

    // Whoever waits may give up; a server that does not answer in time is given up by all, unless it is at work for somebody: what does not answer
    // then is given up when those calls have ended or timed out.
    private async Task<McpToolList> ReadAsync(int change)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = new CancellationTokenSource(patience, time);
        try
        {
            var list = await McpLister.ReadAsync(client, peer.Server, limit.Token);
            lock (_gate) (_list, _listedChange, _listedAt) = (list, change, time.GetUtcNow());
            return list;
        }
        catch (Exception fault)
        {
            if (TryBreak() || fault is not OperationCanceledException) throw;
            throw new AgentRuntimeException(
                ErrorCode.Unavailable, $"MCP server '{peer.Server}' is busy: it works on other calls and has not listed its tools in time.", isTransient: true);
        }
    }

    private bool TryBreak()
    {
        lock (_gate) return _isBroken |= _inFlight == 0;
    }
}
