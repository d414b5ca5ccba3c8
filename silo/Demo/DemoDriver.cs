using AgentRuntime.Demo.Tickets;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Demo;

/// <summary>
/// The application of the demo: starts a triage run for each ticket, and a refund run for each that triage labels refund. All that it knows
/// follows from the tickets, the runs and the ticket system, so it may be stopped and started at any moment.
/// </summary>
internal sealed class DemoDriver(IGrainFactory grains, IRunCatalog catalog, Helpdesk helpdesk, DemoPeople people)
{
    private const int StartsAtOnce = 16;
    private const int PageSize = 500;

    /// <summary>Starts what is to be started. A run that exists already is left alone.</summary>
    public Task StartAsync(IEnumerable<DemoRun> runs, Action<DemoRun> started, CancellationToken cancellation) => Parallel.ForEachAsync(
        runs,
        new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce, CancellationToken = cancellation },
        async (run, _) =>
        {
            var view = await GrainOf(run).StartAsync(new StartRun(run.Agent, 0, run.Input, run.RequestId, people.App));
            Note(run, view);
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
                if (runs.GetValueOrDefault(row.Key.Run) is { } run && await LookAsync(run, row)) changed.Add(run);
            if (page.Next is null) return changed;
            query = query with { After = page.Next };
        }
    }

    /// <summary>The label of a ticket that triage is done with.</summary>
    public async Task<string> LabelOfAsync(DemoTicket ticket, CancellationToken cancellation) =>
        (await helpdesk.FindLabelAsync(ticket.Ticket.Id, cancellation))?.Label ?? DemoTicket.NoLabel;

    private async Task<bool> LookAsync(DemoRun run, RunRow row)
    {
        if (run.Status == row.Status && run.IsSettled) return false;
        if (row.Status == RunStatus.Running) return false;
        if (await GrainOf(run).GetAsync() is not { } view || view.Status == run.Status) return false;
        Note(run, view);
        return true;
    }

    private static void Note(DemoRun run, RunView view)
    {
        run.Output = view.Output ?? view.Message ?? "";
        run.Status = view.Status;
    }

    private IAgentRunGrain GrainOf(DemoRun run) => grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(DemoPeople.Tenant, run.Id));
}
