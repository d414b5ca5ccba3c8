using AgentRuntime.Common;
using AgentRuntime.Demo.Tickets;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Demo;

/// <summary>
/// The application of the demo: starts a triage run for each ticket, and a refund run for each that triage labels refund. All that it knows
/// follows from the tickets, the runs and the ticket system, so it may be stopped and started at any moment.
/// </summary>
internal sealed class DemoDriver(IGrainFactory grains, IRunCatalog catalog, IRunJournal journal, Helpdesk helpdesk, DemoPeople people)
{
    private const int StartsAtOnce = 16;
    private const int PageSize = 500;

    /// <summary>Starts what is to be started. A run that exists already is left alone.</summary>
    public Task StartAsync(IEnumerable<DemoRun> runs, Action<DemoRun> started, CancellationToken cancellation) => Parallel.ForEachAsync(
        runs,
        new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce, CancellationToken = cancellation },
        async (run, _) =>
        {
            await NoteAsync(run, async () => await GrainOf(run).StartAsync(new StartRun(run.Agent, 0, run.Input, run.RequestId, people.App)), cancellation);
            started(run);
        });

    /// <summary>Looks where the runs stand, in the index first: a run that has not changed is not woken.</summary>
    /// <returns>Those that changed.</returns>
    public async Task<IReadOnlyList<DemoRun>> LookAsync(IReadOnlyDictionary<RunId, DemoRun> runs, CancellationToken cancellation)
    {
        var changed = new List<DemoRun>();
        for (var query = new RunQuery(PageSize); ;)
        {
            var page = await catalog.ListAsync(DemoPeople.Tenant, query, cancellation);
            foreach (var row in page.Runs)
                if (runs.GetValueOrDefault(row.Key.Run) is { } run && await LookAsync(run, row, cancellation)) changed.Add(run);
            if (page.Next is null) return changed;
            query = query with { After = page.Next };
        }
    }

    /// <summary>The label of a ticket that triage is done with.</summary>
    public async Task<string> LabelOfAsync(DemoTicket ticket, CancellationToken cancellation) =>
        (await helpdesk.FindLabelAsync(ticket.Ticket.Id, cancellation))?.Label ?? DemoTicket.NoLabel;

    private async Task<bool> LookAsync(DemoRun run, RunRow row, CancellationToken cancellation)
    {
        if (run.Status == row.Status && run.IsSettled) return false;
        if (row.Status == RunStatus.Running) return false;
        var before = run.Status;
        await NoteAsync(run, () => GrainOf(run).GetAsync(), cancellation);
        return run.Status != before;
    }

    /// <summary>Notes what a run answers. One whose content was pruned since is done, as its row says.</summary>
    private async Task NoteAsync(DemoRun run, Func<Task<RunView?>> ask, CancellationToken cancellation)
    {
        try
        {
            if (await ask() is { } view) (run.Output, run.Status) = (view.Output ?? view.Message ?? "", view.Status);
        }
        catch (AgentRuntimeException refusal) when (refusal.Code == ErrorCode.FailedPrecondition)
        {
            if (await journal.FindAsync(new RunKey(DemoPeople.Tenant, run.Id), cancellation) is not { IsPruned: true } row) throw;
            (run.Output, run.Status) = (refusal.Message, row.Status);
        }
    }

    private IAgentRunGrain GrainOf(DemoRun run) => grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(DemoPeople.Tenant, run.Id));
}
