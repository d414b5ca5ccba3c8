using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>What a definition needs to know about tools. Implemented by the tools slice.</summary>
internal interface IToolCatalog
{
    /// <summary>
    /// The version of <paramref name="tool"/> with <paramref name="contractHash"/>; an empty hash means the published one, or the newest
    /// draft if none is. Null when there is none.
    /// </summary>
    Task<ToolClearance?> FindAsync(TenantId tenant, string tool, string contractHash, CancellationToken cancellation);
}
