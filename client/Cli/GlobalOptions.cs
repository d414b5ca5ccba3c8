using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;

namespace AgentRuntime.Cli;

/// <summary>The options that every verb takes.</summary>
internal static class GlobalOptions
{
    private static readonly Option<string?> Endpoint = new("--endpoint")
    {
        Description = "Address of the front door. Default: AGENTRT_ENDPOINT, else a silo of the data folder, else the one given to login --issuer",
        Recursive = true,
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Data folder of a silo, whose key signs development tokens. Default: AGENTRT_DATA, else .agentruntime here, else that of the login; with AGENTRT_TOKEN or login --issuer none",
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

    private static readonly Option<string> OutputName = new("--output", "-o")
    {
        Description = "table; json: one object a line; or yaml: one document each",
        Recursive = true,
        DefaultValueFactory = _ => "table",
    };

    static GlobalOptions()
    {
        Role.AcceptOnlyFromAmong("platform-operator", "tenant-admin", "developer", "tool-reviewer", "approver", "auditor", "agent");
        OutputName.AcceptOnlyFromAmong("table", "json", "yaml");
    }

    public static void AddTo(RootCommand root)
    {
        foreach (var option in new Option[] { Endpoint, Data, As, Role, Tenant, Service, OutputName }) root.Options.Add(option);
    }

    public static string? EndpointOf(ParseResult parsed) => parsed.GetValue(Endpoint);

    public static OutputForm FormOf(ParseResult parsed) => parsed.GetValue(OutputName) switch
    {
        "json" => OutputForm.Json,
        "yaml" => OutputForm.Yaml,
        _ => OutputForm.Table,
    };

    public static LoginChoice ChoiceOf(ParseResult parsed) => new(
        parsed.GetValue(As), parsed.GetValue(Role) ?? [], parsed.GetValue(Tenant), parsed.GetValue(Service), parsed.GetValue(Data));
}
