using System.CommandLine;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Runs.Driving;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Makes what a backup holds fit to be served.</summary>
internal static class RestoreCommand
{
    public static Command Create(SiloOptionSet options)
    {
        var command = new Command(
            "restore",
            "Makes a new data folder of a backup and verifies it; or, with --store aws, takes tables over that AWS has restored to a point in time. They have a cluster of their own then. "
            + "Every open run is paused; after a person has resumed it, each at-most-once call that it is about to make asks a person first whether it has happened since the backup.");
        var from = new Option<string?>("--from") { Description = "The backup: a folder or a .tar file" };
        var asOf = new Option<DateTimeOffset?>("--as-of") { Description = "With --store aws: the point in time that the tables show, where DynamoDB does not say it" };
        command.Options.Add(from);
        command.Options.Add(asOf);
        command.SetAction((parsed, cancellation) => StoreVerb.RunAsync(
            options,
            parsed,
            (data, announcement, progress) => RestoreAsync(parsed.GetValue(from), data, announcement, progress, cancellation),
            async (store, announcement, progress) =>
            {
                if (parsed.GetValue(from) is not null) throw new AgentRuntimeException(ErrorCode.InvalidArgument, "--from names a backup of a data folder, and Silo:Store is aws. Leave it out.");
                Say(announcement, await TableRestorer.RestoreAsync(store, parsed.GetValue(asOf), options.Read(parsed).ClusterId, TimeProvider.System, progress, cancellation));
            }));
        return command;
    }

    private static async Task RestoreAsync(string? source, string data, Announcement announcement, IProgress<WorkStep> progress, CancellationToken cancellation)
    {
        if (source is null) throw new AgentRuntimeException(ErrorCode.InvalidArgument, "--from is missing. Name a backup: a folder or a .tar file.");
        var target = BackupPlace.Normal(data);
        var result = await new BackupRestorer(TimeProvider.System, progress).RestoreAsync(source, target, cancellation);
        var (runs, _, _, records, artifacts) = result.Contents;
        announcement.Say(
            new { @event = "restored", data = target, cluster = result.Cluster, taken_at = result.Backup.TakenAt, runs, paused_runs = result.PausedRuns, records, artifacts },
            $"""
            Restored to {target} as of {result.Backup.TakenAt:u}, and verified:
              {runs:N0} runs, {records:N0} records, {artifacts:N0} payloads in artifacts
              {result.PausedRuns:N0} open runs are paused with reason '{RestorePause.Reason}' and do nothing until a person lets them:
              dotnet run --project client/Cli -- run resume RUN
            """);
    }

    private static void Say(Announcement announcement, TableRestore result) => announcement.Say(
        new { @event = "restored", tables = result.Tables.Prefix, cluster = result.Cluster, as_of = result.AsOf, paused_runs = result.PausedRuns },
        $"""
        Took over the tables {result.Tables.Prefix}... as of {result.AsOf:u}:
          {result.PausedRuns:N0} open runs are paused with reason '{RestorePause.Reason}' and do nothing until a person lets them:
          dotnet run --project client/Cli -- run resume RUN
          The cluster is {result.Cluster} from now on: each silo needs a new data folder (--data).
        """);
}
