using System.Collections.Concurrent;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Tools;

/// <summary>
/// The tools of this silo: what never changes is compiled once, and where a tool stands is asked for at most once a second, so that a block
/// is effective on every silo within two. When the tool's grain does not answer, there is no tool.
/// </summary>
internal sealed class ToolDirectory(
    IGrainFactory grains, ToolPreparer preparer, IOptions<ToolDirectoryOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<Key, Entry> _entries = new();
    private readonly TimeSpan _refreshAge = TimeSpan.FromMilliseconds(options.Value.StatusAgeMs);
    private readonly TimeSpan _maxAge = options.Value.MaxStatusAge;

    /// <summary>The tool that a definition pins.</summary>
    /// <exception cref="AgentRuntimeException">NotFound, FailedPrecondition (its invoker is not on this silo) or Unavailable (transient).</exception>
    public ValueTask<PreparedTool> GetAsync(TenantId tenant, AgentTool pin, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var key = new Key(tenant, pin.Tool, pin.ContractHash);
        if (!_entries.TryGetValue(key, out var entry))
            return LoadAsync(key, null);
        var age = time.GetElapsedTime(entry.CheckedAt);
        if (age < _refreshAge)
            return ValueTask.FromResult(entry.Tool);

        // One caller asks; the others go on with the last answer while it is young enough.
        return entry.TryClaimRefresh() || age >= _maxAge ? LoadAsync(key, entry) : ValueTask.FromResult(entry.Tool);
    }

    private async ValueTask<PreparedTool> LoadAsync(Key key, Entry? known)
    {
        var startedAt = time.GetTimestamp();
        try
        {
            var version = await FetchAsync(key);
            var tool = known is null ? preparer.Prepare(version) : known.Tool with { Version = version };
            Trim();
            _entries[key] = new Entry(tool, startedAt);
            return tool;
        }
        catch
        {
            known?.ReleaseRefresh();
            throw;
        }
    }

    private async Task<ToolVersion> FetchAsync(Key key)
    {
        ToolVersion? version;
        try
        {
            var grainKey = ToolGrainKey.For(key.Tenant, ToolId.Parse(key.Tool));
            version = await grains.GetGrain<IToolGrain>(grainKey).GetAsync(key.ContractHash);
        }
        catch (Exception e) when (e is not AgentRuntimeException)
        {
            throw new AgentRuntimeException(
                ErrorCode.Unavailable, $"Where tool '{key.Tool}' stands cannot be read for now, so it is not called.", isTransient: true, e);
        }

        return version ?? throw new AgentRuntimeException(
            ErrorCode.NotFound, $"Tool '{key.Tool}' has no version with contract '{key.ContractHash}'; register it, or apply the agent again.");
    }

    private void Trim()
    {
        if (_entries.Count < options.Value.MaxVersions)
            return;
        foreach (var stale in _entries.OrderBy(e => e.Value.CheckedAt).Take(options.Value.MaxVersions / 4).ToList())
            _entries.TryRemove(stale);
    }

    private readonly record struct Key(TenantId Tenant, string Tool, string ContractHash);

    private sealed class Entry(PreparedTool tool, long checkedAt)
    {
        private int _refreshing;

        public PreparedTool Tool { get; } = tool;

        /// <summary>A timestamp from before the answer was asked for.</summary>
        public long CheckedAt { get; } = checkedAt;

        public bool TryClaimRefresh() => Interlocked.Exchange(ref _refreshing, 1) == 0;

        public void ReleaseRefresh() => Volatile.Write(ref _refreshing, 0);
    }
}
