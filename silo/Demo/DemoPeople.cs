using AgentRuntime.Common;

namespace AgentRuntime.Demo;

/// <summary>Who acts in the demo. None of them is the person who tries it: so that person may approve.</summary>
internal sealed class DemoPeople(string clusterId, TimeProvider clock)
{
    public static TenantId Tenant { get; } = TenantId.Parse("demo");

    /// <summary>Starts the runs; a service.</summary>
    public Principal App => Make("demo-app", null, Roles.Agent);

    /// <summary>Wrote the agents and registered the tools.</summary>
    public Principal Author => Make("demo-author", "demo-author", Roles.Developer);

    /// <summary>Looked at the tools and published them.</summary>
    public Principal Reviewer => Make("demo-reviewer", "demo-reviewer", Roles.ToolReviewer);

    private Principal Make(string subject, string? person, string role) =>
        new($"urn:agentruntime:dev:{clusterId}", subject, person, Tenant, [role], clock.GetUtcNow());
}
