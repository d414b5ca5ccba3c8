using System.CommandLine;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Retention;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Destroys what tenants do not want to be kept any longer.</summary>
internal static class PruneCommand
{
    public static Command Create(SiloOptionSet options)
    {
        var command = new Command(
            "prune",
            "Destroys payloads, salts, approvals and artifacts of runs whose retention, as their tenants set it, has ended. The headers of their records stay, "
            + "so that chains verify. Silos may go on; they prune by themselves, too. Backups are not touched.");
        var dryRun = new Option<bool>("--dry-run") { Description = "Count what would be destroyed, and destroy nothing" };
        var compact = new Option<bool>("--compact") { Description = "Give the space back to the disk, too; no silo may serve the folder" };
        command.Options.Add(dryRun);
        command.Options.Add(compact);
        command.SetAction((parsed, cancellation) => StoreVerb.RunAsync(options, parsed, async (data, announcement, progress) =>
        {
            var folder = await DataFolder.OpenExistingAsync(data, TimeProvider.System, cancellation);
            var pruner = new FolderPruner(folder, TimeProvider.System, progress);
            if (parsed.GetValue(dryRun))
            {
                Say(announcement, await pruner.MeasureAsync(cancellation), "would-prune", "Would prune", isScrubbed: true, logsEmpty: true);
                return;
            }

            var (result, isScrubbed, logsEmpty) = await pruner.PruneAsync(cancellation);
            Say(announcement, result, "pruned", "Pruned", isScrubbed, logsEmpty);
            if (!parsed.GetValue(compact)) return;
            var (before, after) = await pruner.CompactAsync(cancellation);
            announcement.Say(new { @event = "compacted", bytes_before = before, bytes_after = after }, $"Compacted from {before:N0} to {after:N0} bytes.");
        }));
        return command;
    }

    private static void Say(Announcement announcement, PruneResult result, string @event, string did, bool isScrubbed, bool logsEmpty)
    {
        var (runs, records, bytes, artifacts, deferred) = result;
        var rest = string.Concat(
            deferred > 0 ? $" {deferred:N0} more runs are shown no longer, but have an artifact younger than an hour: prune again in an hour." : "",
            isScrubbed ? "" : " Unused parts of the journal may hold copies of approvals, and are too large to be written anew while a silo serves: prune again while no silo serves.",
            logsEmpty ? "" : " A silo is still reading old pages of the log: prune again in a minute to be sure that nothing is left in it.");
        announcement.Say(
            new { @event, runs, records, bytes, artifacts, deferred_runs = deferred, scrubbed = isScrubbed, logs_empty = logsEmpty },
            $"{did} {runs:N0} runs: {records:N0} payloads of {bytes:N0} bytes, and {artifacts:N0} artifacts.{rest}");
    }
}
