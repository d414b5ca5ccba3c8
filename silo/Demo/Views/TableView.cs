using System.Globalization;
using AgentRuntime.Runs;
using Spectre.Console;

namespace AgentRuntime.Demo.Views;

/// <summary>A live table: for a terminal.</summary>
internal sealed class TableView(IAnsiConsole console) : IDemoView
{
    private const int LastChanges = 8;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(150);

    private readonly Queue<string> _changes = new();
    private readonly LineView _after = new(console.Profile.Out.Writer);

    public Task ShowAsync(DemoBoard board, Func<Action<DemoRun>, Task> work) => console.Live(Draw(board)).StartAsync(async live =>
    {
        var working = work(run => Remember(board, run));
        using var frames = new PeriodicTimer(Frame);
        while (!working.IsCompleted)
        {
            await Task.WhenAny(working, frames.WaitForNextTickAsync().AsTask());
            live.UpdateTarget(Draw(board));
        }

        live.UpdateTarget(Draw(board));
        await working;
    });

    public void Settled(DemoBoard board, DemoNext next) => _after.Settled(board, next);

    public void Changed(DemoBoard board, DemoRun run) => _after.Changed(board, run);

    private void Remember(DemoBoard board, DemoRun run)
    {
        lock (_changes)
        {
            _changes.Enqueue(DemoText.Line(board, run));
            if (_changes.Count > LastChanges) _changes.Dequeue();
        }
    }

    private Rows Draw(DemoBoard board)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("agent", "started", "running", "approval", "person", "completed", "failed");
        foreach (var agent in new[] { DemoTicket.TriageAgent, DemoTicket.RefundAgent })
            table.AddRow(
                agent,
                Count(board, agent, _ => true),
                Count(board, agent, status => status is RunStatus.Running or RunStatus.WaitingForTimer),
                Count(board, agent, status => status is RunStatus.WaitingForApproval),
                Count(board, agent, status => status is RunStatus.WaitingForInput or RunStatus.Paused),
                Count(board, agent, status => status is RunStatus.Completed),
                Count(board, agent, status => status is RunStatus.Failed or RunStatus.Cancelled));
        lock (_changes) return new Rows([table, .. _changes.Select(change => new Text(change).Overflow(Overflow.Ellipsis))]);
    }

    private static string Count(DemoBoard board, string agent, Func<RunStatus, bool> where) =>
        board.Count(agent, where).ToString(CultureInfo.InvariantCulture);
}
