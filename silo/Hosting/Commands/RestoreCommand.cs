using System.CommandLine;
using AgentRuntime.Embedded.Backup;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Makes a data folder of a backup.</summary>
internal static class RestoreCommand
{
    public static Command Create(SiloOptionSet options)
    {
        var command = new Command(
            "restore",
            "Makes a new data folder of a backup and verifies it. It has a cluster of its own. Every open run is paused; after a person has resumed it, "
            + "each at-most-once call that it is about to make asks a person first whether it has happened since the backup.");
        var from = new Option<string>("--from") { Description = "The backup: a folder or a .tar file", Required = true };
        command.Options.Add(from);
        command.SetAction((parsed, cancellation) => FolderVerb.RunAsync(options, parsed, async (data, announcement, progress) =>
        {
            var target = BackupPlace.Normal(data);
            var result = await new BackupRestorer(TimeProvider.System, progress).RestoreAsync(parsed.GetRequiredValue(from), target, cancellation);
            var (runs, _, _, records, artifacts) = result.Contents;
            announcement.Say(
                new { @event = "restored", data = target, cluster = result.Cluster, taken_at = result.Backup.TakenAt, runs, paused_runs = result.PausedRuns, records, artifacts },
                $"""
                Restored to {target} as of {result.Backup.TakenAt:u}, and verified:
                  {runs:N0} runs, {records:N0} records, {artifacts:N0} payloads in artifacts
                  {result.PausedRuns:N0} open runs are paused with reason '{RestoredRuns.Reason}' and do nothing until a person lets them:
                  dotnet run --project client/Cli -- run resume RUN
                """);
        }));
        return command;
    }
}
