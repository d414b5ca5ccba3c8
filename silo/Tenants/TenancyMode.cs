namespace AgentRuntime.Tenants;

/// <summary>How a cluster keeps its tenants apart.</summary>
internal enum TenancyMode
{
    /// <summary>All tenants share silos and files.</summary>
    Shared = 1,

    /// <summary>Named tenants have silos and files of their own; the others share theirs.</summary>
    Segmented = 2,

    /// <summary>The cluster has one tenant.</summary>
    AccountPerTenant = 3,
}
