using AgentRuntime.Common;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Sessions;
using Orleans.Providers;
using Orleans.Storage;

namespace AgentRuntime.Embedded.GrainState;

/// <summary>Lists sessions by the keys of their stored state.</summary>
internal sealed class SqliteSessionCatalog(
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage, IGrainFactory grains) : ISessionCatalog
{
    private const string StateName = "session";

    public async Task<IReadOnlyList<SessionId>> ListAsync(TenantId tenant, string? after, int limit, CancellationToken cancellation)
    {
        // The type's spelling is Orleans's; a tenant is no prefix of another one's keys, because of the slash.
        var all = Prefix(tenant);
        var keys = await ((IGrainStateKeys)storage).ListKeysAsync(StateName, all, after is null ? all : all + after, limit);
        return [.. keys.Select(key => SessionId.Parse(key[all.Length..]))];
    }

    private string Prefix(TenantId tenant)
    {
        var any = grains.GetGrain<ISessionGrain>(SessionGrainKey.For(tenant, SessionId.Parse("x"))).GetGrainId().ToString();
        return any[..^1];
    }
}
