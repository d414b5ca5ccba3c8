using System.CommandLine;
using AgentRuntime.Cli;
using AgentRuntime.Cli.Output;

var root = new RootCommand($"Talks to a silo of the agent runtime. {ExitCode.Help}");
GlobalOptions.AddTo(root);
foreach (var command in CommandTree.All()) root.Subcommands.Add(command);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"error: {Safe.Text(error.Message)}");
    await Console.Error.WriteLineAsync("Try --help.");
    return ExitCode.Usage;
}

return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
