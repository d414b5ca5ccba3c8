using AgentRuntime.Common;

namespace AgentRuntime.Runs.Index;

/// <summary>Lists of runs.</summary>
internal interface IRunCatalog
{
    /// <summary>One page of a tenant's runs. What it costs does not grow with the number of runs.</summary>
    Task<RunPage> ListAsync(TenantId tenant, RunQuery query, CancellationToken cancellation);

    /// <summary>How many runs of a tenant are in each status.</summary>
    Task<IReadOnlyDictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation);
}
