using System.Collections.Concurrent;
using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>
/// The agents as this silo knows them. A version never changes and is kept; which version is the newest, and whether the agent is deleted,
/// is at most 1.8 s old.
/// </summary>
internal sealed class AgentDirectory(IGrainFactory grains, TimeProvider clock)
{
    public const int MaxVersions = 2_048;
    public const int MaxAgents = 10_000;

    private readonly ConcurrentDictionary<(TenantId, AgentId, int), AgentVersion> _versions = new();
    private readonly Refreshed<(TenantId Tenant, AgentId Agent), AgentVersion> _newest =
        new(key => grains.GetGrain<IAgentGrain>(AgentGrainKey.For(key.Tenant, key.Agent)).GetAsync(0), clock, MaxAgents);

    /// <summary>
    /// One version; 0 is the newest. Null when there is none. Of a version that is named, <see cref="AgentVersion.Deleted"/> is as old as
    /// the copy: runs that exist go on with it. New runs ask <see cref="RequireStartableAsync"/>.
    /// </summary>
    public ValueTask<AgentVersion?> GetAsync(TenantId tenant, AgentId agent, int version, CancellationToken cancellation)
    {
        if (version == 0) return _newest.GetAsync((tenant, agent), cancellation);
        return _versions.TryGetValue((tenant, agent, version), out var known) ? new(known) : new(LoadAsync(tenant, agent, version, cancellation));
    }

    /// <summary>The version that a new run takes; 0 is the newest.</summary>
    /// <exception cref="AgentRuntimeException">NotFound: there is no such version, or the agent is deleted.</exception>
    public async ValueTask<AgentVersion> RequireStartableAsync(TenantId tenant, AgentId agent, int version, CancellationToken cancellation)
    {
        var newest = await _newest.GetAsync((tenant, agent), cancellation);
        if (newest is null || newest.Deleted)
            throw new AgentRuntimeException(ErrorCode.NotFound, $"agent {agent}: does not exist. Apply it first.");
        if (version == 0 || version == newest.Version) return newest;
        return await GetAsync(tenant, agent, version, cancellation)
            ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"agent {agent}: has no version {version}; the newest is {newest.Version}.");
    }

    /// <summary>Makes the next look-up of the newest version ask, so that who applied an agent can start it at once.</summary>
    public void Forget(TenantId tenant, AgentId agent) => _newest.Forget((tenant, agent));

    private async Task<AgentVersion?> LoadAsync(TenantId tenant, AgentId agent, int version, CancellationToken cancellation)
    {
        if (version < 0) return null;
        var found = await grains.GetGrain<IAgentGrain>(AgentGrainKey.For(tenant, agent)).GetAsync(version, cancellation);
        if (found is null) return null;
        if (_versions.Count >= MaxVersions) _versions.Clear();
        _versions[(tenant, agent, version)] = found;
        return found;
    }
}
