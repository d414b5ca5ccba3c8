using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Embedded.Migration;

/// <summary>
/// Brings a data folder to the newest format, one format at a time. Every step may be interrupted and done again, and the file <c>format</c>
/// changes last, so that a killed migration goes on where it was. A folder half way is served as one of the format before.
/// </summary>
internal sealed class FolderMigrator(TimeProvider time, IProgress<WorkStep> progress)
{
    /// <exception cref="Common.AgentRuntimeException">There is no data folder, a silo serves it, or a file cannot be used.</exception>
    public async Task<MigrationResult> RunAsync(string path, CancellationToken cancellation)
    {
        var folder = await DataFolder.OpenExistingAsync(path, time, cancellation);
        using var alone = await folder.TakeMaintenanceAsync(time, cancellation);

        using var held = await folder.LockUnservedAsync(time, cancellation);

        // Another process may have migrated it in between.
        var before = FolderFormat.Parse(await File.ReadAllBytesAsync(folder.At(FolderLayout.Format), cancellation), folder.Path);
        var unknown = 0L;
        for (var format = before.Format; format < FolderFormat.Current; format++)
        {
            unknown += await StepAsync(folder, format, cancellation);
            DurableFile.Replace(folder.At(FolderLayout.Format), (before with { Format = format + 1 }).ToBytes());
            progress.Report(new WorkStep($"format {format + 1}", 1, 1));
        }

        return new MigrationResult(before.Format, FolderFormat.Current, unknown);
    }

    private Task<long> StepAsync(DataFolder folder, int from, CancellationToken cancellation) => from switch
    {
        1 => ToFormat2Async(folder, cancellation),
        _ => throw new InvalidOperationException($"No step leads on from format {from}."),
    };

    /// <summary>Format 2: journals know how long runs are kept, and a folder's keys may come from another cluster.</summary>
    private async Task<long> ToFormat2Async(DataFolder folder, CancellationToken cancellation)
    {
        var unknown = 0L;
        foreach (var place in FolderLayout.RunStoresIn(folder.Path).Where(place => File.Exists(folder.At(place, JournalDatabase.FileName))))
        {
            var file = folder.At(place, JournalDatabase.FileName);
            using var states = OfflineGrainState.Open(folder, place);
            try
            {
                using var journal = JournalFile.OpenAlone(file);
                if (!journal.HasRetention)
                {
                    progress.Report(new WorkStep("journal", 0, 1));
                    JournalFormat.Upgrade(journal);
                    progress.Report(new WorkStep("journal", 1, 1));
                }
            }
            catch (RawFailure failure)
            {
                throw StoreErrors.From(failure, file);
            }

            unknown += await FillClassesAsync(folder, file, states, cancellation);
        }

        return unknown;
    }

    private async Task<long> FillClassesAsync(DataFolder folder, string file, OfflineGrainState states, CancellationToken cancellation)
    {
        using var artifacts = new FileArtifactStore(Path.GetDirectoryName(file)!, folder.DeriveKey(FileArtifactStore.KeyPurpose));
        try
        {
            using var journal = JournalFile.OpenAlone(file);
            return await new RunClasses(journal, artifacts, states.Storage, progress).FillAsync(cancellation);
        }
        catch (RawFailure failure)
        {
            throw StoreErrors.From(failure, file);
        }
    }
}
