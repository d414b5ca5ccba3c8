using AgentRuntime.Common;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Index;

/// <summary>Lists of runs, newest first.</summary>
internal interface IRunCatalog
{
    /// <summary>One page of a tenant's runs with a number below <paramref name="beforeRunNo"/>; filters that are null match all.</summary>
    Task<IReadOnlyList<RunRow>> ListAsync(
        TenantId tenant, RunStatus? status, string? agent, long beforeRunNo, int limit, CancellationToken cancellation);

    /// <summary>How many runs of a tenant are in each status.</summary>
    Task<IReadOnlyDictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation);
}
