using System.Collections.Frozen;

namespace AgentRuntime.Common;

/// <summary>The roles that a credential may carry.</summary>
public static class Roles
{
    /// <summary>Runs the platform; speaks for no tenant.</summary>
    public const string PlatformOperator = "platform-operator";

    /// <summary>Administers one tenant.</summary>
    public const string TenantAdmin = "tenant-admin";

    /// <summary>Writes agents and starts runs.</summary>
    public const string Developer = "developer";

    /// <summary>The second person who publishes tools.</summary>
    public const string ToolReviewer = "tool-reviewer";

    /// <summary>Decides approvals.</summary>
    public const string Approver = "approver";

    /// <summary>Reads everything of a tenant, changes nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Starts, feeds, cancels and watches runs: applications.</summary>
    public const string Agent = "agent";

    /// <summary>The roles within a tenant: all but <see cref="PlatformOperator"/>.</summary>
    public static FrozenSet<string> OfTenants { get; } = FrozenSet.Create(StringComparer.Ordinal, TenantAdmin, Developer, ToolReviewer, Approver, Auditor, Agent);
}
