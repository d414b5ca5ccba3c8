using AgentRuntime.Common;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Who takes part in the tests of runs, and the names of their tools.</summary>
internal static class RunCast
{
    public const string Agent = "worker";

    /// <summary>Risk read, effect read.</summary>
    public const string Look = "look";

    /// <summary>Risk write, effect idempotent.</summary>
    public const string Put = "put";

    /// <summary>Risk write, effect at-most-once.</summary>
    public const string Once = "once";

    /// <summary>Risk write-high, effect idempotent: one person approves.</summary>
    public const string Pay = "pay";

    /// <summary>Risk write-high, effect at-most-once: one person approves.</summary>
    public const string PayOnce = "pay-once";

    /// <summary>Risk critical, effect at-most-once: two people approve.</summary>
    public const string Launch = "launch";

    public static readonly IReadOnlyList<string> AllTools = [Look, Put, Once, Pay, PayOnce, Launch];

    public static readonly TenantId Tenant = TenantId.Parse("acme");
    public static readonly Principal App = new("idp", "app", null, Tenant, [Roles.Agent], DateTimeOffset.UnixEpoch);
    public static readonly Principal Author = Person("author", Roles.Developer, Roles.Approver);
    public static readonly Principal Reviewer = Person("reviewer", Roles.ToolReviewer, Roles.Approver);
    public static readonly Principal Operator = Person("olga", Roles.TenantAdmin);

    public static Principal Approver(string name) => Person(name, Roles.Approver);

    public static Principal Person(string name, params string[] roles) =>
        new("idp", name, name, Tenant, roles, TimeProvider.System.GetUtcNow());
}
