using AgentRuntime.Common;
using AgentRuntime.Tenants;
using Orleans.Storage;

namespace AgentRuntime.Embedded.Retention;

/// <summary>Tenants as they are stored, so that retention needs no silo.</summary>
internal sealed class StoredTenants(IGrainStorage storage)
{
    private static readonly GrainType Grain = GrainType.Create("tenant");

    /// <summary>A tenant's settings; null when there is no such tenant.</summary>
    public async Task<TenantSettings?> FindAsync(TenantId tenant)
    {
        var state = new GrainState<TenantState>(new TenantState());
        await storage.ReadStateAsync("tenant", GrainId.Create(Grain, TenantGrainKey.For(tenant)), state);
        return state.State?.Settings;
    }
}
