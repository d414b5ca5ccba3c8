using AgentRuntime.Demo.Tickets;
using AgentRuntime.Runs;

namespace AgentRuntime.Demo;

/// <summary>All tickets of this demo and where they stand.</summary>
internal sealed class DemoBoard
{
    private readonly Dictionary<RunId, (DemoTicket Ticket, DemoRun Run)> _byRun = [];

    public DemoBoard(IEnumerable<(string File, Ticket Ticket)> tickets)
    {
        Tickets = [.. tickets.Select(ticket => new DemoTicket(ticket.File, ticket.Ticket))];
        foreach (var ticket in Tickets)
        {
            _byRun[ticket.Triage.Id] = (ticket, ticket.Triage);
            _byRun[ticket.Refund.Id] = (ticket, ticket.Refund);
        }

        Runs = _byRun.ToDictionary(pair => pair.Key, pair => pair.Value.Run);
    }

    public IReadOnlyList<DemoTicket> Tickets { get; }

    public IReadOnlyDictionary<RunId, DemoRun> Runs { get; }

    public bool IsSettled => Tickets.All(ticket => ticket.IsSettled);

    public int WaitingForApproval => Runs.Values.Count(run => run.Status == RunStatus.WaitingForApproval);

    public DemoTicket TicketOf(DemoRun run) => _byRun[run.Id].Ticket;

    /// <summary>How many runs of an agent stand so.</summary>
    public int Count(string agent, Func<RunStatus, bool> where) => Runs.Values.Count(run => run.Agent == agent && run.Status is { } status && where(status));
}
