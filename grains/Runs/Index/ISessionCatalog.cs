using AgentRuntime.Common;
using AgentRuntime.Runs.Sessions;

namespace AgentRuntime.Runs.Index;

/// <summary>The sessions of a tenant, by id.</summary>
internal interface ISessionCatalog
{
    /// <summary>Ids after <paramref name="after"/> (null: from the first), at most <paramref name="limit"/>, in ordinal order.</summary>
    Task<IReadOnlyList<SessionId>> ListAsync(TenantId tenant, string? after, int limit, CancellationToken cancellation);
}
