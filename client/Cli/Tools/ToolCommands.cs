using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Tools;

/// <summary>The verbs of <c>tool</c>.</summary>
internal static class ToolCommands
{
    private static readonly Argument<string> Id = new("TOOL") { Description = "Its id or whole name" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is recorded", Required = true };

    public static Command Create() => Verb.Noun(
        "tool",
        "Tools and their contracts.",
        Register(),
        Publish(),
        Get(),
        List(),
        ServerCommands.Import(),
        ServerCommands.Diff(Id),
        Verb.Of("block", "Let no call of a tool be made.", async (on, parsed, cancellation) =>
        {
            var request = new BlockToolRequest { Name = NameOf(on, parsed), Reason = parsed.GetRequiredValue(Reason) };
            Line(on, await on.Client.Tools.BlockToolAsync(request, cancellationToken: cancellation));
        }, Id, Reason),
        Verb.Of("unblock", "End a block.", async (on, parsed, cancellation) =>
        {
            var request = new UnblockToolRequest { Name = NameOf(on, parsed), Reason = parsed.GetRequiredValue(Reason) };
            Line(on, await on.Client.Tools.UnblockToolAsync(request, cancellationToken: cancellation));
        }, Id, Reason));

    private static Command Register()
    {
        var file = new Option<string>("--file", "-f") { Description = "YAML manifests of kind Tool; deploy/samples/MANIFESTS.md shows every key", Required = true };
        return Verb.Of(
            "register",
            "Store contracts as drafts. Another person publishes them.",
            async (on, parsed, cancellation) =>
            {
                foreach (var manifest in await ManifestSplitter.ReadAsync(parsed.GetRequiredValue(file), cancellation))
                {
                    var request = new RegisterToolRequest { Parent = on.Parent, Manifest = manifest };
                    Line(on, await on.Client.Tools.RegisterToolAsync(request, cancellationToken: cancellation));
                }
            },
            file);
    }

    private static Command Publish()
    {
        var hash = new Option<string>("--contract-hash") { Description = "The version that was reviewed, as register and get show it", Required = true };
        return Verb.Of(
            "publish",
            "Let agents use a version of a tool. Needs role tool-reviewer and another person than the one who registered it.",
            async (on, parsed, cancellation) =>
            {
                var request = new PublishToolRequest { Name = NameOf(on, parsed), ContractHash = parsed.GetRequiredValue(hash) };
                Line(on, await on.Client.Tools.PublishToolAsync(request, cancellationToken: cancellation));
            },
            Id, hash);
    }

    private static Command Get()
    {
        var hash = new Option<string?>("--contract-hash") { Description = "A version. Default: the published one, or the newest draft if none is" };
        return Verb.Of(
            "get",
            "One version of a tool.",
            async (on, parsed, cancellation) =>
            {
                var request = new GetToolRequest { Name = NameOf(on, parsed), ContractHash = parsed.GetValue(hash) ?? "" };
                var tool = await on.Client.Tools.GetToolAsync(request, cancellationToken: cancellation);
                on.Print.One(
                    tool,
                    ("tool", Connection.IdOf(tool.Name)),
                    ("contract hash", tool.ContractHash),
                    ("stands", Standing(tool)),
                    ("registered", $"{Words.Of(tool.CreateTime)} by {Words.Identity(tool.RegisteredBy)}"),
                    ("published by", Words.Identity(tool.PublishedBy)),
                    ("blocked", tool.HasBlockedReason ? tool.BlockedReason : null),
                    ("wire name", tool.Contract.WireName),
                    ("model sees", tool.ModelName),
                    ("risk", Words.Of(tool.Contract.Risk)),
                    ("effect", Words.Of(tool.Contract.Effect)),
                    ("timeout", $"{tool.Contract.TimeoutMs} ms"),
                    ("data classes", string.Join(", ", tool.Contract.DataClasses)),
                    ("egress hosts", string.Join(", ", tool.Contract.EgressHosts)),
                    ("invoker", InvokerOf(tool.Contract)),
                    ("description", tool.Contract.Description),
                    ("input schema", tool.Contract.InputSchema),
                    ("output schema", tool.Contract.HasOutputSchema ? tool.Contract.OutputSchema : null));
            },
            Id, hash);
    }

    private static Command List()
    {
        var limit = Paging.Limit();
        return Verb.Of(
            "list",
            "The tools of the tenant.",
            async (on, parsed, cancellation) =>
            {
                var tools = await Paging.ReadAsync<Tool>(parsed.GetValue(limit), async (size, token) =>
                {
                    var request = new ListToolsRequest { Parent = on.Parent, PageSize = size, PageToken = token };
                    var page = await on.Client.Tools.ListToolsAsync(request, cancellationToken: cancellation);
                    return (page.Tools, page.NextPageToken);
                });
                on.Print.List(
                    tools,
                    $"No tools of tenant {on.Tenant}.",
                    ("TOOL", tool => Connection.IdOf(tool.Name)),
                    ("STANDS", Standing),
                    ("RISK", tool => Words.Of(tool.Contract.Risk)),
                    ("EFFECT", tool => Words.Of(tool.Contract.Effect)),
                    ("CONTRACT", tool => tool.ContractHash[..12]),
                    ("DESCRIPTION", tool => Safe.Text(tool.Contract.Description, 60)));
            },
            limit);
    }

    private static string NameOf(Connection on, ParseResult parsed) => on.Name("tools", parsed.GetRequiredValue(Id));

    private static string InvokerOf(ToolContract contract) => contract.InvokerCase switch
    {
        ToolContract.InvokerOneofCase.Http => $"{contract.Http.Method} {contract.Http.UrlTemplate}",
        ToolContract.InvokerOneofCase.Mcp => $"mcp server {contract.Mcp.Server}, entry {contract.Mcp.EntryHash}",
        _ => $"function {contract.Function?.Function}",
    };

    private static string Standing(Tool tool) => tool.HasBlockedReason ? "blocked" : tool.HasPublishedBy ? "published" : "draft";

    private static void Line(Connection on, Tool tool) =>
        on.Print.Line(tool, $"{Connection.IdOf(tool.Name)}  {Standing(tool)}  {Words.Of(tool.Contract.Risk)}  {tool.ContractHash}");
}
