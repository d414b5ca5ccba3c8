using AgentRuntime.Common;
using AgentRuntime.Mcp.Configuration;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Mcp;

/// <summary>
/// The servers that this silo uses, one link for each tenant and server, so that what one tenant left in a process or session never reaches
/// another. What nobody has called for a while is ended.
/// </summary>
internal sealed class McpConnections : IAsyncDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<(TenantId Tenant, string Server), Entry> _links = [];
    private readonly McpServers _servers;
    private readonly McpDialer _dialer;
    private readonly TimeProvider _time;
    private readonly ILogger<McpLink> _log;
    private readonly int _most;
    private readonly ITimer _sweep;
    private bool _isClosed;

    public McpConnections(McpServers servers, McpDialer dialer, IOptions<McpOptions> options, TimeProvider time, ILogger<McpLink> log)
    {
        (_servers, _dialer, _time, _log, _most) = (servers, dialer, time, log, options.Value.MaxConnections);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    /// <summary>The link of a tenant to a server, kept until the lease is given back.</summary>
    /// <exception cref="AgentRuntimeException">NotFound: no such server. Unavailable: as many are in use as there may be.</exception>
    public Lease Rent(TenantId tenant, string server)
    {
        var options = _servers.Require(tenant, server);
        Entry? evicted = null;
        try
        {
            lock (_gate)
            {
                if (_isClosed) throw new AgentRuntimeException(ErrorCode.Unavailable, $"MCP server '{server}': this silo is stopping.", isTransient: true);
                if (!_links.TryGetValue((tenant, server), out var entry))
                {
                    if (_links.Count >= _most) evicted = EvictIdlest(server);
                    entry = new Entry(new McpLink(tenant, server, options, _dialer, _time, _log), TimeSpan.FromSeconds(options.IdleSeconds));
                    _links.Add((tenant, server), entry);
                }

                entry.Users++;
                return new Lease(this, entry);
            }
        }
        finally
        {
            if (evicted is not null) Close(evicted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        Entry[] all;
        lock (_gate)
        {
            _isClosed = true;
            all = [.. _links.Values];
            _links.Clear();
        }

        await Task.WhenAll(all.Select(entry => entry.Link.DisposeAsync().AsTask()));
    }

    private static void Close(Entry entry) => _ = entry.Link.DisposeAsync().AsTask();

    private void Return(Entry entry)
    {
        lock (_gate)
        {
            entry.Users--;
            entry.LastUsed = _time.GetUtcNow();
        }
    }

    private void Sweep()
    {
        List<KeyValuePair<(TenantId, string), Entry>> idle;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            idle = [.. _links.Where(link => link.Value.Users == 0 && now - link.Value.LastUsed >= link.Value.Idle)];
            foreach (var (key, _) in idle) _links.Remove(key);
        }

        foreach (var (_, entry) in idle) Close(entry);
    }

    private Entry EvictIdlest(string wanted)
    {
        var free = _links.Where(link => link.Value.Users == 0).ToList();
        if (free.Count == 0)
            throw new AgentRuntimeException(
                ErrorCode.Unavailable, $"MCP server '{wanted}': this silo has {_most} servers in use, the most there may be (Mcp:MaxConnections).", isTransient: true);
        var idlest = free.MinBy(link => link.Value.LastUsed);
        _links.Remove(idlest.Key);
        return idlest.Value;
    }

    /// <summary>A link that stays while somebody uses it.</summary>
    internal readonly struct Lease(McpConnections owner, Entry entry) : IDisposable
    {
        public McpLink Link => entry.Link;

        public void Dispose() => owner.Return(entry);
    }

    internal sealed class Entry(McpLink link, TimeSpan idle)
    {
        public McpLink Link => link;

        public TimeSpan Idle => idle;

        public int Users { get; set; }

        public DateTimeOffset LastUsed { get; set; }
    }
}
