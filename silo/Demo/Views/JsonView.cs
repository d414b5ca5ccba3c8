using AgentRuntime.Hosting.Commands;

namespace AgentRuntime.Demo.Views;

/// <summary>One JSON object a line.</summary>
internal sealed class JsonView(Announcement announcement) : IDemoView
{
    public Task ShowAsync(DemoBoard board, Func<Action<DemoRun>, Task> work) => work(run => Changed(board, run));

    public void Settled(DemoBoard board, DemoNext next)
    {
        foreach (var score in DemoScore.Of(board.Tickets))
            Say(new { @event = "accuracy", file = score.File, tickets = score.Tickets, labels = Tally(score.Labels), actions = Tally(score.Actions) });
        Say(new { @event = "settled", tickets = board.Tickets.Count, waiting_for_approval = next.WaitingForApproval, next = next.Commands });
    }

    public void Changed(DemoBoard board, DemoRun run) => Say(new
    {
        @event = "run",
        ticket = board.TicketOf(run).Ticket.Id,
        agent = run.Agent,
        run = run.Id.Value,
        status = DemoText.Of(run.Status!.Value),
        output = run.Output,
    });

    private static object Tally(DemoTally tally) => new { right = tally.Right, wrong = tally.Wrong, handed_over = tally.HandedOver, open = tally.Open };

    private void Say(object line) => announcement.Say(line, "");
}
