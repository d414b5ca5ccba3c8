using System.CommandLine;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Copies a data folder while silos work on it.</summary>
internal static class BackupCommand
{
    public static Command Create(SiloOptionSet options)
    {
        var command = new Command(
            "backup",
            "Copies runs, artifacts, agents, tools, tenants, reminders and keys while silos go on, and verifies the copy. Whoever has it has the keys: keep it like the data folder.");
        var to = new Option<string>("--to") { Description = "Where: a new folder, or a new file that ends with .tar", Required = true };
        command.Options.Add(to);
        command.SetAction((parsed, cancellation) => StoreVerb.RunAsync(options, parsed, async (data, announcement, progress) =>
        {
            var target = BackupPlace.Normal(parsed.GetRequiredValue(to));
            var folder = await DataFolder.OpenExistingAsync(data, TimeProvider.System, cancellation);
            var manifest = await new BackupTaker(folder, TimeProvider.System, progress).TakeAsync(target, cancellation);
            var (runs, open, pruned, records, artifacts) = manifest.Contents;
            announcement.Say(
                new { @event = "backed-up", to = target, taken_at = manifest.TakenAt, cluster = manifest.Cluster, runs, open_runs = open, pruned_runs = pruned, records, artifacts },
                $"""
                Backed up to {target} as of {manifest.TakenAt:u}, and verified:
                  {runs:N0} runs ({open:N0} open), {records:N0} records, {artifacts:N0} payloads in artifacts
                It holds the keys of the folder: keep it like the folder itself.
                """);
        }));
        return command;
    }
}
