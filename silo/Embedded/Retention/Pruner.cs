using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Tenants;

namespace AgentRuntime.Embedded.Retention;

/// <summary>
/// Destroys the content of runs whose retention has ended: artifacts that no other run refers to, salts and payloads, approvals. The headers
/// stay, so that chains verify. May be killed at any instant: it goes on where it was. Only one at a time in a folder.
/// </summary>
internal sealed class Pruner(DataFolder folder, JournalDatabase journal, FileArtifactStore artifacts, StoredTenants tenants, TimeProvider time)
{
    /// <summary>
    /// A record that refers to an artifact comes this long after the artifact was stored, at most, while a silo lives: younger ones stay.
    /// </summary>
    public static readonly TimeSpan ArtifactGrace = TimeSpan.FromHours(1);

    /// <summary>Rows that are written anew in one go while others wait: some tenths of a second.</summary>
    public const long MaxScrubbedRows = 20_000;

    private const int RunsPerPage = 100;
    private const int BytesPerRequest = 4 << 20;

    /// <summary>Whether the journal says how long runs are kept; one of format 1 does not.</summary>
    public Task<bool> CanPruneAsync(CancellationToken cancellation) =>
        journal.Readers.ReadAsync(connection => connection.HasRetention, cancellation);

    /// <summary>Prunes up to <paramref name="maxRuns"/> runs. Fewer are reported when no more have expired.</summary>
    public Task<PruneResult> RunAsync(long maxRuns, CancellationToken cancellation) => EachAsync(maxRuns, PruneAsync, cancellation);

    /// <summary>Counts what would be destroyed, without regard to artifacts that other runs refer to.</summary>
    public Task<PruneResult> MeasureAsync(CancellationToken cancellation) => EachAsync(long.MaxValue, MeasureAsync, cancellation);

    /// <summary>
    /// Removes the copies of what was destroyed, since they were removed last, that SQLite left beside what it kept, and empties the log. While a silo
    /// serves the folder it is not held up for long.
    /// </summary>
    /// <returns>False when the copies stay, because a silo serves the folder and there are more than <see cref="MaxScrubbedRows"/> rows to write anew.</returns>
    public async Task<bool> TryScrubAsync(CancellationToken cancellation)
    {
        if (!File.Exists(Mark)) return true;
        var maxRows = await IsServedAsync(cancellation) ? MaxScrubbedRows : long.MaxValue;
        if (!await WriteAsync(pruning => pruning.TryScrub(maxRows), isLast: true)) return false;
        File.Delete(Mark);
        return true;
    }

    // A file, so that whoever prunes next knows what one that was killed still owed.
    private string Mark => Path.Combine(Path.GetDirectoryName(journal.File)!, FolderLayout.Unscrubbed);

    private async Task<PruneResult> EachAsync(long maxRuns, Func<ExpiredRun, CancellationToken, Task<PruneResult>> work, CancellationToken cancellation)
    {
        var total = PruneResult.Nothing;
        foreach (var tenant in await journal.Readers.ReadAsync(ExpiredRuns.FindTenants, cancellation))
        {
            if (await tenants.FindAsync(tenant) is not { Retention: { } retention }) continue;
            foreach (var classes in await journal.Readers.ReadAsync(connection => ExpiredRuns.FindClassSets(connection, tenant), cancellation))
            {
                var names = classes.Split(RunRowWriter.ClassSeparator, StringSplitOptions.RemoveEmptyEntries);
                if (RetentionRules.PeriodOf(retention, names) is not { } period) continue;
                ExpiredRun? last = null;
                IReadOnlyList<ExpiredRun> page;
                do
                {
                    page = await FindAsync(tenant, classes, time.GetUtcNow() - period, last, cancellation);
                    foreach (var run in page)
                    {
                        if (total.Runs >= maxRuns) return total;
                        total += await work(run, cancellation);
                        last = run;
                    }
                }
                while (page.Count == RunsPerPage);
            }
        }

        return total;
    }

    private Task<IReadOnlyList<ExpiredRun>> FindAsync(
        TenantId tenant, string classes, DateTimeOffset before, ExpiredRun? after, CancellationToken cancellation) =>
        journal.Readers.ReadAsync(connection => ExpiredRuns.Find(connection, tenant, classes, before, after, RunsPerPage), cancellation);

    private Task<PruneResult> MeasureAsync(ExpiredRun run, CancellationToken cancellation) => journal.Readers.ReadAsync(
        connection =>
        {
            var (records, bytes) = ExpiredRuns.Measure(connection, run.RunNo);
            return new PruneResult(1, records, bytes, ExpiredRuns.FindArtifacts(connection, run.RunNo).Count, 0);
        },
        cancellation);

    // The run is marked first, so that it counts for nobody; its artifacts go while its records still name them.
    private async Task<PruneResult> PruneAsync(ExpiredRun run, CancellationToken cancellation)
    {
        if (!File.Exists(Mark)) DurableFile.TryCreate(Mark, []);
        await WriteAsync(pruning => pruning.Begin(run.Key, run.RunNo));
        var found = await MeasureAsync(run, cancellation);
        if (await RetireArtifactsAsync(run, cancellation) is not { } retired) return PruneResult.Nothing with { Deferred = 1 };
        for (long? seq = 0; seq is { } from;)
            seq = await WriteAsync(pruning => pruning.EraseRecords(run.RunNo, from));
        await WriteAsync(pruning => pruning.Finish(run.RunNo));
        return found with { Artifacts = retired };
    }

    /// <summary>How many artifacts of the run are gone; null when one is too young to go.</summary>
    private async Task<long?> RetireArtifactsAsync(ExpiredRun run, CancellationToken cancellation)
    {
        var names = await journal.Readers.ReadAsync(connection => ExpiredRuns.FindArtifacts(connection, run.RunNo), cancellation);
        var retired = 0L;
        foreach (var name in names)
        {
            if (await journal.Readers.ReadAsync(connection => ExpiredRuns.IsWanted(connection, run.Key.Tenant, name), cancellation)) continue;
            TimeSpan? grace = await IsServedAsync(cancellation) ? ArtifactGrace : null;
            if (!await artifacts.TryRetireAsync(run.Key.Tenant, name, grace, cancellation)) return null;
            retired++;
        }

        return retired;
    }

    // Asked for each artifact, as a silo may start at any time. Looking at seats takes their locks for a moment, which a silo that starts must not meet.
    private async Task<bool> IsServedAsync(CancellationToken cancellation)
    {
        using var held = await folder.LockAsync(time, cancellation);
        return SiloSeats.FindLiving(folder.Path).Count > 0;
    }

    private async Task<T> WriteAsync<T>(Func<RunPruning, T> work, bool isLast = false) =>
        await journal.Writer.WriteAsync(new PruneRequest<T>(work, BytesPerRequest, isLast));
}
