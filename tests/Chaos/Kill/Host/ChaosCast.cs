using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Common;
using AgentRuntime.Runs;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>Who takes part, and what they are called.</summary>
internal static class ChaosCast
{
    public const string Agent = "worker";
    public const string Model = "script";
    public static readonly TenantId Tenant = TenantId.Parse("chaos");
    public static readonly Principal Caller = Of("caller", null, Roles.Agent);
    public static readonly Principal Author = Of("author", "author", Roles.Developer);
    public static readonly Principal Reviewer = Of("reviewer", "reviewer", Roles.ToolReviewer);
    public static readonly Principal Approver = Of("approver", "approver", Roles.Approver);

    public static string RequestOf(RunScript script) => $"request-{script.Run}";

    public static RunKey KeyOf(RunScript script) => new(Tenant, RunIds.FromRequest(Tenant, RequestOf(script)));

    private static Principal Of(string subject, string? person, string role) => new("chaos", subject, person, Tenant, [role], DateTimeOffset.UnixEpoch);
}
