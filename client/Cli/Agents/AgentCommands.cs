using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Agents;

/// <summary>The verbs of <c>agent</c>.</summary>
internal static class AgentCommands
{
    private static readonly Argument<string> Id = new("AGENT") { Description = "Its id or whole name" };

    public static Command Create() => Verb.Noun("agent", "Agents and the versions of their definitions.", Apply(), Get(), List(), Delete());

    private static Command Apply()
    {
        var file = new Option<string>("--file", "-f") { Description = "YAML manifests of kind Agent; deploy/samples/MANIFESTS.md shows every key", Required = true };
        return Verb.Of(
            "apply",
            "Store definitions as the newest versions. A definition that is the newest already changes nothing.",
            async (on, parsed, cancellation) =>
            {
                foreach (var manifest in await ManifestSplitter.ReadAsync(parsed.GetRequiredValue(file), cancellation))
                {
                    var request = new ApplyAgentRequest { Parent = on.Parent, Manifest = manifest };
                    var agent = await on.Client.Agents.ApplyAgentAsync(request, cancellationToken: cancellation);
                    on.Print.Line(agent, $"{Connection.IdOf(agent.Name)}  version {agent.Version}  {agent.DefinitionHash}");
                }
            },
            file);
    }

    private static Command Get()
    {
        var version = new Option<int>("--agent-version") { Description = "A version; 0 is the newest" };
        return Verb.Of(
            "get",
            "One version of an agent.",
            async (on, parsed, cancellation) =>
            {
                var request = new GetAgentRequest { Name = on.Name("agents", parsed.GetRequiredValue(Id)), Version = parsed.GetValue(version) };
                Show(on, await on.Client.Agents.GetAgentAsync(request, cancellationToken: cancellation));
            },
            Id, version);
    }

    private static Command List()
    {
        var limit = Paging.Limit();
        return Verb.Of(
            "list",
            "The agents of the tenant.",
            async (on, parsed, cancellation) =>
            {
                var agents = await Paging.ReadAsync<Agent>(parsed.GetValue(limit), async (size, token) =>
                {
                    var request = new ListAgentsRequest { Parent = on.Parent, PageSize = size, PageToken = token };
                    var page = await on.Client.Agents.ListAgentsAsync(request, cancellationToken: cancellation);
                    return (page.Agents, page.NextPageToken);
                });
                on.Print.List(
                    agents,
                    $"No agents of tenant {on.Tenant}.",
                    ("AGENT", agent => Connection.IdOf(agent.Name)),
                    ("VERSION", agent => $"{agent.Version}"),
                    ("MODEL", agent => agent.Definition.Model),
                    ("RISK SCOPE", agent => Words.Of(agent.Definition.RiskScope)),
                    ("TOOLS", agent => string.Join(", ", agent.Definition.Tools.Select(tool => Connection.IdOf(tool.Tool)))),
                    ("APPLIED", agent => Words.Of(agent.CreateTime)));
            },
            limit);
    }

    private static Command Delete() => Verb.Of(
        "delete",
        "Hide an agent: no new run starts. Runs that are there go on.",
        async (on, parsed, cancellation) =>
        {
            var name = on.Name("agents", parsed.GetRequiredValue(Id));
            var deleted = await on.Client.Agents.DeleteAgentAsync(new DeleteAgentRequest { Name = name }, cancellationToken: cancellation);
            on.Print.Line(deleted, $"{Safe.Text(Connection.IdOf(name))}  deleted");
        },
        Id);

    private static void Show(Connection on, Agent agent) => on.Print.One(
        agent,
        ("agent", Connection.IdOf(agent.Name)),
        ("version", $"{agent.Version}"),
        ("definition hash", agent.DefinitionHash),
        ("applied", $"{Words.Of(agent.CreateTime)} by {Words.Identity(agent.PublishedBy)}"),
        ("deleted", agent.Deleted ? "yes" : null),
        ("model", agent.Definition.Model),
        ("risk scope", Words.Of(agent.Definition.RiskScope)),
        ("data classes", string.Join(", ", agent.Definition.DataClasses)),
        ("tools", string.Join('\n', agent.Definition.Tools.Select(tool => $"{Connection.IdOf(tool.Tool)}  {tool.ContractHash}"))),
        ("instructions", agent.Definition.Instructions));
}
