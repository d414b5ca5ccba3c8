using System.CommandLine;
using AgentRuntime.Demo;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Serves until it is told to stop. It is what happens when no verb is given.</summary>
internal static class ServeCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Runs a silo of the agent runtime: everything under one data folder, no cloud needed.");
        var options = new SiloOptionSet();
        options.AddTo(root);
        root.SetAction((parsed, cancellation) => SiloRunner.RunAsync(options, parsed, DemoParts.AddWherePresent, afterStart: null, cancellation));
        root.Subcommands.Add(DemoCommand.Create(options));
        root.Subcommands.Add(CreateTablesCommand.Create(options));
        root.Subcommands.Add(BackupCommand.Create(options));
        root.Subcommands.Add(RestoreCommand.Create(options));
        root.Subcommands.Add(MigrateCommand.Create(options));
        root.Subcommands.Add(PruneCommand.Create(options));
        return root;
    }
}
