using AgentRuntime.Approvals;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Chaos.Faults.Journal;

/// <summary>Asks the indexes, which may be late but never name what is not there, nor show it as it was.</summary>
internal sealed class IndexReader(IServiceProvider silo, Oracle oracle)
{
    private const int MaxRuns = 1000;
    private const int Page = 10;

    private readonly IRunJournal _journal = silo.GetRequiredService<IRunJournal>();
    private readonly IOpenRunIndex _open = silo.GetRequiredService<IOpenRunIndex>();
    private readonly IRunCatalog _catalog = silo.GetRequiredService<IRunCatalog>();
    private readonly IApprovalInbox _inbox = silo.GetRequiredService<IApprovalInbox>();
    private long _version;

    public async Task StepAsync(int turn)
    {
        switch (turn % 4)
        {
            case 0:
                await RequireThereAsync([.. await _open.FindOrphansAsync([], PollerShare.Whole, MaxRuns, CancellationToken.None)]);
                break;
            case 1:
                await RequireThereAsync([.. await _open.FindDueAsync(DateTimeOffset.MaxValue, PollerShare.Whole, MaxRuns, CancellationToken.None)]);
                break;
            case 2:
                var query = new RunQuery(Page) { Status = turn % 3 == 0 ? RunStatus.Running : null, IsOldestFirst = turn % 5 == 0 };
                var page = await _catalog.ListAsync(RunSlots.Tenant, query, CancellationToken.None);
                oracle.Require(page.Runs.DistinctBy(row => row.Key).Count() == page.Runs.Count, "list_shows_twice", "a page shows a run twice");
                oracle.Require(query.Status is not { } wanted || page.Runs.All(row => row.Status == wanted), "list_shows_others", $"a page of {query.Status} shows others");
                break;
            default:
                var version = await _inbox.GetVersionAsync(RunSlots.Tenant, CancellationToken.None);
                oracle.Require(version >= _version, "inbox_version_fell", $"from {_version} to {version}");
                _version = version;
                var pending = await _inbox.ListAsync(RunSlots.Tenant, ApprovalState.Pending, null, Page, CancellationToken.None);
                oracle.Require(pending.Approvals.All(view => view.State == ApprovalState.Pending), "inbox_shows_others", "a page of those that wait shows others");
                break;
        }
    }

    /// <summary>Holds all indexes and counts, which nobody changes now, against the heads and approvals.</summary>
    public async Task CheckAsync(IReadOnlyList<RunRow> rows, IReadOnlyList<ApprovalView> approvals)
    {
        var orphans = await _open.FindOrphansAsync([], PollerShare.Whole, MaxRuns, CancellationToken.None);
        RequireSame("index_orphans", rows.Where(row => row.State == OpenState.Runnable).Select(row => row.Key), orphans);
        var due = await _open.FindDueAsync(DateTimeOffset.MaxValue, PollerShare.Whole, MaxRuns, CancellationToken.None);
        RequireSame("index_due", rows.Where(row => row is { State: OpenState.Waiting, WakeAt: not null }).Select(row => row.Key), due);
        RequireSame("list_runs", rows.Select(row => row.Key), await ListAsync());
        var counts = await _catalog.CountAsync(RunSlots.Tenant, CancellationToken.None);
        foreach (var status in Enum.GetValues<RunStatus>())
            oracle.Require(counts.GetValueOrDefault(status) == rows.Count(row => row.Status == status), "counts", $"{counts.GetValueOrDefault(status)} runs are counted as {status}, {rows.Count(row => row.Status == status)} are");
        var waiting = approvals.Count(view => view.State == ApprovalState.Pending);
        oracle.Require(await _inbox.CountWaitingAsync(CancellationToken.None) == waiting, "counts", $"{waiting} approvals wait, and others are counted");
        oracle.Require(rows.Count(row => row.State != OpenState.Closed) <= RunWriter.MaxOpenRuns, "too_many_open", $"{rows.Count(row => row.State != OpenState.Closed)} runs are open");
    }

    private async Task<List<RunKey>> ListAsync()
    {
        var listed = new List<RunKey>();
        long? after = null;
        do
        {
            var page = await _catalog.ListAsync(RunSlots.Tenant, new RunQuery(Page) { After = after, IsOldestFirst = true }, CancellationToken.None);
            listed.AddRange(page.Runs.Select(row => row.Key));
            after = page.Next;
        }
        while (after is not null);
        return listed;
    }

    private async Task RequireThereAsync(List<RunKey> named)
    {
        foreach (var run in named.Take(3)) oracle.Require(await _journal.FindAsync(run, CancellationToken.None) is not null, "index_names_nothing", $"{run} is in the index and not there");
    }

    private void RequireSame(string invariant, IEnumerable<RunKey> wanted, IReadOnlyCollection<RunKey> found)
    {
        var missing = wanted.Except(found).ToList();
        oracle.Require(missing.Count == 0 && found.Distinct().Count() == found.Count && found.Count == wanted.Count(), invariant, $"{found.Count} found, {wanted.Count()} there, missing {string.Join(' ', missing.Take(3))}");
    }
}
