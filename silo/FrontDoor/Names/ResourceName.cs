using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Sessions;
using AgentRuntime.Tools;

namespace AgentRuntime.FrontDoor.Names;

/// <summary>
/// Resource names <c>tenants/{tenant}/{collection}/{id}</c>. A name that names another tenant than the credential is a mistake of the
/// caller, not a resource.
/// </summary>
internal static class ResourceName
{
    private const string Tenants = "tenants";

    public static string OfTenant(TenantId tenant) => $"{Tenants}/{tenant}";

    public static string OfRun(TenantId tenant, string run) => $"{Tenants}/{tenant}/runs/{run}";

    public static string OfSession(TenantId tenant, string session) => $"{Tenants}/{tenant}/sessions/{session}";

    public static string OfAgent(TenantId tenant, string agent) => $"{Tenants}/{tenant}/agents/{agent}";

    public static string OfTool(TenantId tenant, string tool) => $"{Tenants}/{tenant}/tools/{tool}";

    public static string OfApproval(TenantId tenant, string approval) => $"{Tenants}/{tenant}/approvals/{approval}";

    /// <summary>Reads a tenant's name that need not be the caller's: platform operators only.</summary>
    public static TenantId Tenant(string name, string field) => name.Split('/') is [Tenants, var tenant]
        ? TenantId.Parse(tenant, field)
        : throw new InvalidInputException(field, "must be tenants/{tenant}.");

    public static void RequireParent(string parent, TenantId caller) => RequireCaller(Tenant(parent, "parent"), caller, "parent");

    public static RunId Run(string name, TenantId caller) => RunId.Parse(Child(name, "runs", caller, "name"), "name");

    public static SessionId Session(string name, TenantId caller, string field = "name") => SessionId.Parse(Child(name, "sessions", caller, field), field);

    public static ApprovalId Approval(string name, TenantId caller) => ApprovalId.Parse(Child(name, "approvals", caller, "name"), "name");

    public static AgentId Agent(string name, TenantId caller, string field = "name") => AgentId.Parse(Child(name, "agents", caller, field), field);

    public static ToolId Tool(string name, TenantId caller, string field = "name") => ToolId.Parse(Child(name, "tools", caller, field), field);

    private static string Child(string name, string collection, TenantId caller, string field)
    {
        if (name.Split('/') is not [Tenants, var tenant, var found, var id] || found != collection)
        {
            throw new InvalidInputException(field, $"must be tenants/{{tenant}}/{collection}/{{id}}.");
        }

        RequireCaller(TenantId.Parse(tenant, field), caller, field);
        return id;
    }

    private static void RequireCaller(TenantId named, TenantId caller, string field)
    {
        if (named != caller) throw new InvalidInputException(field, $"names another tenant than the credential, which speaks for '{caller}'.");
    }
}
