using System.CommandLine;
using AgentRuntime.Cli;
using AgentRuntime.Cli.Output;

var root = new RootCommand($"Talks to a silo of the agent runtime. {ExitCode.Help}");
GlobalOptions.AddTo(root);
foreach (var command in CommandTree.All()) root.Subcommands.Add(command);

var parsed = root.Parse(args);
// A shell asks what could come next in a line that is not finished.
var isAsking = args.Length > 0 && args[0].StartsWith("[suggest", StringComparison.Ordinal);
if (parsed.Errors.Count > 0 && !isAsking)
{
    foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"error: {Safe.Text(error.Message)}");
    await Console.Error.WriteLineAsync("Try --help.");
    return ExitCode.Usage;
}

using var interruption = new Interruption();
return await interruption.RunAsync(
    stop => parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop));
