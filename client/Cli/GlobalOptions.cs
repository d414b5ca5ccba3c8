using System.CommandLine;
using AgentRuntime.Cli.Session;

namespace AgentRuntime.Cli;

/// <summary>The options that every verb takes.</summary>
internal static class GlobalOptions
{
    private static readonly Option<string?> Endpoint = new("--endpoint")
    {
        Description = "Address of the front door. Default: AGENTRT_ENDPOINT, else a silo of the data folder",
        Recursive = true,
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Data folder whose key signs. Default: AGENTRT_DATA, else .agentruntime here, else that of the login",
        Recursive = true,
    };

    private static readonly Option<string?> As = new("--as") { Description = "Speak as this person. Default: AGENTRT_AS, else the login", Recursive = true };

    private static readonly Option<string[]> Role = new("--role")
    {
        Description = "Role to sign for; may be repeated. Default: AGENTRT_ROLE, else the login's. One of platform-operator, tenant-admin, developer, tool-reviewer, approver, auditor, agent",
        Recursive = true,
    };

    private static readonly Option<string?> Tenant = new("--tenant") { Description = "Tenant to speak for. Default: AGENTRT_TENANT, else the login's, else demo", Recursive = true };

    private static readonly Option<bool> Service = new("--service") { Description = "The name after --as is a service's, which cannot approve", Recursive = true };

    private static readonly Option<string> OutputForm = new("--output", "-o")
    {
        Description = "table, or json: one object a line",
        Recursive = true,
        DefaultValueFactory = _ => "table",
    };

    static GlobalOptions()
    {
        Role.AcceptOnlyFromAmong("platform-operator", "tenant-admin", "developer", "tool-reviewer", "approver", "auditor", "agent");
        OutputForm.AcceptOnlyFromAmong("table", "json");
    }

    public static void AddTo(RootCommand root)
    {
        foreach (var option in new Option[] { Endpoint, Data, As, Role, Tenant, Service, OutputForm }) root.Options.Add(option);
    }

    public static string? EndpointOf(ParseResult parsed) => parsed.GetValue(Endpoint);

    public static bool WantsJson(ParseResult parsed) => parsed.GetValue(OutputForm) == "json";

    public static LoginChoice ChoiceOf(ParseResult parsed) => new(
        parsed.GetValue(As), parsed.GetValue(Role) ?? [], parsed.GetValue(Tenant), parsed.GetValue(Service), parsed.GetValue(Data));
}
