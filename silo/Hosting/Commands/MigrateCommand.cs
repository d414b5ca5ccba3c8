using System.CommandLine;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Migration;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Brings a data folder to the newest format.</summary>
internal static class MigrateCommand
{
    public static Command Create(SiloOptionSet options)
    {
        var command = new Command(
            "migrate",
            $"Brings the data folder to format {FolderFormat.Current}. No silo may serve it. Killed, it goes on where it was when it is run again. "
            + "An older version cannot open the folder afterwards: take a backup first.");
        command.SetAction((parsed, cancellation) => StoreVerb.RunAsync(options, parsed, async (data, announcement, progress) =>
        {
            var result = await new FolderMigrator(TimeProvider.System, progress).RunAsync(data, cancellation);
            var unknown = result.UnknownRuns == 0 ? "" : $" {result.UnknownRuns:N0} runs belong to agents that are not there any more, or cannot be read; they are kept for ever.";
            announcement.Say(
                new { @event = "migrated", from = result.From, to = result.To, unknown_runs = result.UnknownRuns },
                result.From == result.To ? $"The folder has format {result.To} already; nothing was done." : $"Migrated from format {result.From} to {result.To}.{unknown}");
        }));
        return command;
    }
}
