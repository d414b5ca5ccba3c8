using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Tools;

/// <summary>The verbs of <c>tool</c> that ask an MCP server.</summary>
internal static class ServerCommands
{
    public static Command Import()
    {
        var server = new Argument<string>("SERVER") { Description = "Its name in the platform's configuration" };
        var dataClasses = new Option<string[]>("--data-class") { Description = "A class of data that the tools may see; may be given several times" };
        var timeout = new Option<int>("--timeout-ms") { Description = "Milliseconds for one call. Default 30000" };
        return Verb.Of(
            "import",
            "Store the tools of an MCP server as drafts. Another person publishes them.",
            async (on, parsed, cancellation) =>
            {
                var request = new ImportFromServerRequest { Parent = on.Parent, Server = parsed.GetRequiredValue(server), TimeoutMs = parsed.GetValue(timeout) };
                request.DataClasses.AddRange(parsed.GetValue(dataClasses) ?? []);
                var report = await on.Client.Tools.ImportFromServerAsync(request, cancellationToken: cancellation);
                foreach (var tool in report.Imported)
                    on.Print.Line(tool, $"{Connection.IdOf(tool.Name)}  {Standing(tool)}  {tool.ContractHash}  {Safe.Text(tool.WireName)}");
                foreach (var tool in report.Refused) on.Print.Line(tool, $"{Safe.Text(tool.WireName)}  refused  {Safe.Text(tool.Reason)}");
                if (on.Print.IsTable) await Console.Error.WriteLineAsync($"{report.Imported.Count} imported, {report.Refused.Count} refused");
            },
            server, dataClasses, timeout);
    }

    public static Command Diff(Argument<string> id)
    {
        var hash = new Option<string?>("--contract-hash") { Description = "A version. Default: the published one, or the newest draft if none is" };
        return Verb.Of(
            "diff",
            "What an MCP server says of a tool today that its contract does not. While there is a difference the tool is not called.",
            async (on, parsed, cancellation) =>
            {
                var request = new CompareWithServerRequest { Name = on.Name("tools", parsed.GetRequiredValue(id)), ContractHash = parsed.GetValue(hash) ?? "" };
                var report = await on.Client.Tools.CompareWithServerAsync(request, cancellationToken: cancellation);
                on.Print.List(
                    report.Differences,
                    $"No difference: MCP server {report.Server} says what contract {report.ContractHash} says.",
                    ("PART", difference => difference.Part),
                    ("CONTRACT", difference => difference.HasContract ? difference.Contract : "-"),
                    ("SERVER", difference => difference.HasServer ? difference.Server : "-"));
            },
            id, hash);
    }

    private static string Standing(ImportedTool tool) => tool switch
    {
        { IsNew: true } => "new draft",
        { IsPublished: true } => "unchanged, published",
        _ => "unchanged, draft",
    };
}
