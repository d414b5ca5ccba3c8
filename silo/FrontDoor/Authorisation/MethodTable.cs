using System.Collections.Frozen;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Authorisation;

/// <summary>The one table of who may call what. A method that is not in it is refused to everybody.</summary>
internal static class MethodTable
{
    private static readonly string[] Readers = [Roles.Developer, Roles.TenantAdmin, Roles.ToolReviewer, Roles.Approver, Roles.Auditor];
    private static readonly string[] Makers = [Roles.Developer, Roles.TenantAdmin];
    private static readonly string[] Starters = [Roles.Agent, Roles.Developer, Roles.TenantAdmin];
    private static readonly string[] Guards = [Roles.ToolReviewer, Roles.TenantAdmin];

    private static readonly FrozenDictionary<string, MethodRule> Rules = new Dictionary<string, MethodRule>(StringComparer.Ordinal)
    {
        ["/agentruntime.v1.Agents/ApplyAgent"] = Tenant(Makers),
        ["/agentruntime.v1.Agents/GetAgent"] = Tenant(Readers),
        ["/agentruntime.v1.Agents/ListAgents"] = Tenant(Readers),
        ["/agentruntime.v1.Agents/DeleteAgent"] = Tenant(Makers),
        ["/agentruntime.v1.Tools/RegisterTool"] = Tenant(Makers),
        ["/agentruntime.v1.Tools/PublishTool"] = Person(Roles.ToolReviewer),
        ["/agentruntime.v1.Tools/GetTool"] = Tenant(Readers),
        ["/agentruntime.v1.Tools/ListTools"] = Tenant(Readers),
        ["/agentruntime.v1.Tools/BlockTool"] = Tenant(Guards),
        ["/agentruntime.v1.Tools/UnblockTool"] = Tenant(Guards),
        ["/agentruntime.v1.Tools/ImportFromServer"] = Tenant(Makers),
        ["/agentruntime.v1.Tools/CompareWithServer"] = Tenant(Readers),
        ["/agentruntime.v1.Runs/StartRun"] = Tenant(Starters),
        ["/agentruntime.v1.Runs/ForkRun"] = Tenant(Starters),
        ["/agentruntime.v1.Runs/SendInput"] = Tenant(Starters),
        ["/agentruntime.v1.Runs/GetRun"] = Tenant([Roles.Agent, .. Readers]),
        ["/agentruntime.v1.Runs/WatchRun"] = Tenant([Roles.Agent, .. Readers]),
        ["/agentruntime.v1.Runs/ListRuns"] = Tenant(Readers),
        ["/agentruntime.v1.Runs/ExportRun"] = Tenant(Readers),
        ["/agentruntime.v1.Runs/CancelRun"] = Tenant(Starters),
        ["/agentruntime.v1.Runs/PauseRun"] = Tenant(Makers),
        ["/agentruntime.v1.Runs/ResumeRun"] = Tenant(Makers),
        ["/agentruntime.v1.Runs/KillRun"] = Tenant(Makers),
        ["/agentruntime.v1.Sessions/CreateSession"] = Tenant(Starters),
        ["/agentruntime.v1.Sessions/GetSession"] = Tenant([Roles.Agent, .. Readers]),
        ["/agentruntime.v1.Sessions/ListSessions"] = Tenant(Readers),
        ["/agentruntime.v1.Sessions/GetTranscript"] = Tenant([Roles.Agent, .. Readers]),
        ["/agentruntime.v1.Approvals/ListApprovals"] = Tenant(Readers),
        ["/agentruntime.v1.Approvals/GetApproval"] = Tenant(Readers),
        ["/agentruntime.v1.Approvals/WatchApprovals"] = Tenant(Readers),
        ["/agentruntime.v1.Approvals/DecideApproval"] = Person(Roles.Approver),
        ["/agentruntime.v1.Tenants/CreateTenant"] = Platform(),
        ["/agentruntime.v1.Tenants/GetTenant"] = Platform(),
        ["/agentruntime.v1.Tenants/UpdateTenant"] = Platform(),
        ["/agentruntime.v1.Tenants/SuspendTenant"] = Platform(),
        ["/agentruntime.v1.Tenants/ReleaseTenant"] = Platform(),
        ["/agentruntime.v1.Dashboard/CreateDashboardEntry"] = Platform(),
        ["/grpc.health.v1.Health/Check"] = Anyone(),
        ["/grpc.health.v1.Health/Watch"] = Anyone(),

        // Mapped in development only; they say what the protobufs say.
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = Anyone(),
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = Anyone(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Methods => Rules.Keys;

    /// <summary>The rule of a method.</summary>
    /// <exception cref="AgentRuntimeException">PermissionDenied: the method is not in the table.</exception>
    public static MethodRule For(string method) => Rules.TryGetValue(method, out var rule)
        ? rule
        : throw new AgentRuntimeException(ErrorCode.PermissionDenied, "this method has no rule, so nobody may call it.");

    /// <summary>Refuses a principal whom the rule does not admit.</summary>
    /// <exception cref="AgentRuntimeException">PermissionDenied, naming what is missing.</exception>
    public static void Require(MethodRule rule, Principal principal)
    {
        if (rule.Caller == CallerKind.Anyone) return;
        if ((rule.Caller == CallerKind.Platform) == principal.Tenant.HasValue)
        {
            throw Denied(rule.Caller == CallerKind.Platform ? "needs a platform operator, who speaks for no tenant" : "needs a credential that speaks for a tenant");
        }

        if (rule.Caller == CallerKind.TenantPerson && principal.Person is null) throw Denied("needs a person; this credential is a service's");
        if (principal.Roles.Any(rule.Roles.Contains)) return;
        throw Denied($"needs one of the roles {string.Join(", ", rule.Roles.Order(StringComparer.Ordinal))}");
    }

    private static AgentRuntimeException Denied(string what) => new(ErrorCode.PermissionDenied, $"credential: this method {what}.");

    private static MethodRule Tenant(string[] roles) => new(CallerKind.Tenant, roles.ToFrozenSet(StringComparer.Ordinal));

    private static MethodRule Person(string role) => new(CallerKind.TenantPerson, FrozenSet.Create(StringComparer.Ordinal, role));

    private static MethodRule Platform() => new(CallerKind.Platform, FrozenSet.Create(StringComparer.Ordinal, Roles.PlatformOperator));

    private static MethodRule Anyone() => new(CallerKind.Anyone, FrozenSet<string>.Empty);
}
