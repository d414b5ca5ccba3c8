using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Journal;
using SQLitePCL;

namespace AgentRuntime.Embedded.Retention;

/// <summary>Prunes a data folder from outside its silos, which may go on meanwhile.</summary>
internal sealed class FolderPruner(DataFolder folder, TimeProvider time, IProgress<WorkStep> progress)
{
    private const long RunsPerReport = 100;
    private const int MaxLogAttempts = 5;

    /// <summary>Counts what has expired, and destroys nothing.</summary>
    /// <exception cref="AgentRuntimeException">A file cannot be used, or the folder has format 1.</exception>
    public Task<PruneResult> MeasureAsync(CancellationToken cancellation) =>
        EachAsync(pruner => pruner.MeasureAsync(cancellation), cancellation);

    /// <summary>Destroys what has expired. When it returns, nothing of it is in any file of the stores.</summary>
    /// <returns>
    /// What was destroyed; whether unused parts of the journals hold no copies, which stay where silos serve a large one; and whether the logs are empty:
    /// if not, silos have not let go of old copies yet.
    /// </returns>
    /// <exception cref="AgentRuntimeException">A file cannot be used, or the folder has format 1.</exception>
    public async Task<(PruneResult Result, bool IsScrubbed, bool LogsEmpty)> PruneAsync(CancellationToken cancellation)
    {
        using var alone = await folder.TakeMaintenanceAsync(time, cancellation);
        var isScrubbed = true;
        var result = await EachAsync(
            async pruner =>
            {
                var part = await PruneAsync(pruner, cancellation);
                isScrubbed &= await pruner.TryScrubAsync(cancellation);
                return part;
            },
            cancellation);
        return (result, isScrubbed, Journals.All(TryEmptyLog));
    }

    /// <summary>Gives the space back that pruned records leave. No silo may serve the folder.</summary>
    /// <returns>Bytes of the journals before and after.</returns>
    /// <exception cref="AgentRuntimeException">A silo serves the folder, or a file cannot be used.</exception>
    public async Task<(long Before, long After)> CompactAsync(CancellationToken cancellation)
    {
        using var alone = await folder.TakeMaintenanceAsync(time, cancellation);
        using var held = await folder.LockUnservedAsync(time, cancellation);
        var before = Journals.Sum(file => new FileInfo(file).Length);
        foreach (var file in Journals)
        {
            progress.Report(new WorkStep("compacting", 0, 1));
            Compact(file);
            File.Delete(Path.Combine(Path.GetDirectoryName(file)!, FolderLayout.Unscrubbed));
            progress.Report(new WorkStep("compacting", 1, 1));
        }

        return (before, Journals.Sum(file => new FileInfo(file).Length));
    }

    private IEnumerable<string> Journals => FolderLayout.RunStoresIn(folder.Path).Select(place => folder.At(place, JournalDatabase.FileName)).Where(File.Exists);

    private async Task<PruneResult> EachAsync(Func<Pruner, Task<PruneResult>> work, CancellationToken cancellation)
    {
        var total = PruneResult.Nothing;
        foreach (var place in FolderLayout.RunStoresIn(folder.Path))
        {
            using var states = OfflineGrainState.Open(folder, place);
            await using var store = RunStore.Open(folder, place);
            var pruner = new Pruner(folder, store.Journal, store.Artifacts, new StoredTenants(states.Storage), time);
            if (!await pruner.CanPruneAsync(cancellation))
            {
                throw new AgentRuntimeException(
                    ErrorCode.FailedPrecondition, $"Data folder '{folder.Path}' has format 1, which does not say how long runs are kept. Migrate it first: silo -- migrate.");
            }

            total += await work(pruner);
        }

        return total;
    }

    private async Task<PruneResult> PruneAsync(Pruner pruner, CancellationToken cancellation)
    {
        var total = PruneResult.Nothing;
        PruneResult part;
        do
        {
            part = await pruner.RunAsync(RunsPerReport, cancellation);
            total += part with { Deferred = 0 };
            progress.Report(new WorkStep("pruning runs", total.Runs, null));
        }
        while (part.Runs == RunsPerReport);
        return total with { Deferred = part.Deferred };
    }

    private static bool TryEmptyLog(string file)
    {
        try
        {
            using var connection = RawConnection.Open(file, readOnly: false);
            connection.Execute("PRAGMA busy_timeout = 2000; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
            for (var attempt = 0; attempt < MaxLogAttempts; attempt++)
            {
                if (connection.TryCheckpoint(raw.SQLITE_CHECKPOINT_TRUNCATE, out var frames, out _) && frames == 0) return true;
            }

            return false;
        }
        catch (RawFailure failure)
        {
            throw StoreErrors.From(failure, file);
        }
    }

    private static void Compact(string file)
    {
        try
        {
            using var journal = JournalFile.OpenAlone(file);
            Seals.Drop(journal);
            journal.Execute("VACUUM");
            journal.TryCheckpoint(raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        }
        catch (RawFailure failure)
        {
            throw StoreErrors.From(failure, file);
        }
    }
}
