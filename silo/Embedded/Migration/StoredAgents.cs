using AgentRuntime.Agents;
using AgentRuntime.Common;
using Orleans.Storage;

namespace AgentRuntime.Embedded.Migration;

/// <summary>Definitions of agents as they are stored, so that a migration needs no silo.</summary>
internal static class StoredAgents
{
    private static readonly GrainType Grain = GrainType.Create("agent");

    /// <summary>A version of an agent; null when it was never applied.</summary>
    public static Task<AgentDefinition?> FindAsync(IGrainStorage states, TenantId tenant, AgentId agent, int version) =>
        new DefinitionStore(states, GrainId.Create(Grain, AgentGrainKey.For(tenant, agent))).ReadAsync(version, CancellationToken.None);
}
