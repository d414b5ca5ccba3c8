using AgentRuntime.Demo.Tickets;
using AgentRuntime.Demo.Views;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Hosting.Commands;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using Spectre.Console;

namespace AgentRuntime.Demo;

/// <summary>One go of the demo: apply the samples, start the runs, show where they stand until the silo stops.</summary>
internal sealed class DemoSession(DemoDriver driver, DemoBoard board, IDemoView view, DataFolder folder)
{
    private static readonly TimeSpan BusyPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CalmPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Runs the demo in a silo that serves. Returns when the silo stops.</summary>
    public static async Task RunAsync(WebApplication app, IReadOnlyList<(string File, Ticket Ticket)> tickets, CancellationToken stopping)
    {
        var services = app.Services;
        var folder = services.GetRequiredService<DataFolder>();
        var helpdesk = services.GetRequiredService<Helpdesk>();
        var grains = services.GetRequiredService<IGrainFactory>();
        var people = new DemoPeople(folder.Format.ClusterId, services.GetRequiredService<TimeProvider>());
        var setup = new DemoSetup(grains, people, services.GetRequiredService<DemoPlace>(), services.GetRequiredService<Orders.OrdersDatabase>());
        await helpdesk.AddAsync([.. tickets.Select(ticket => ticket.Ticket)], stopping);
        await setup.ApplyAsync(stopping);
        var driver = new DemoDriver(grains, services.GetRequiredService<IRunCatalog>(), services.GetRequiredService<IRunJournal>(), helpdesk, people);
        var session = new DemoSession(driver, new DemoBoard(tickets), ChooseView(services.GetRequiredService<Announcement>()), folder);
        try
        {
            await session.RunAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private static IDemoView ChooseView(Announcement announcement) =>
        announcement.Json ? new JsonView(announcement)
        : Console.IsOutputRedirected ? new LineView(Console.Out)
        : new TableView(AnsiConsole.Console);

    private async Task RunAsync(CancellationToken stopping)
    {
        await view.ShowAsync(board, changed => SettleAsync(changed, stopping));
        view.Settled(board, new DemoNext(folder.Path, board.WaitingForApproval));
        using var timer = new PeriodicTimer(CalmPeriod);
        while (await timer.WaitForNextTickAsync(stopping)) await StepAsync(run => view.Changed(board, run), stopping);
    }

    private async Task SettleAsync(Action<DemoRun> changed, CancellationToken stopping)
    {
        await driver.StartAsync(board.Tickets.Select(ticket => ticket.Triage), changed, stopping);
        using var timer = new PeriodicTimer(BusyPeriod);
        while (!board.IsSettled && await timer.WaitForNextTickAsync(stopping)) await StepAsync(changed, stopping);
    }

    private async Task StepAsync(Action<DemoRun> changed, CancellationToken stopping)
    {
        foreach (var run in await driver.LookAsync(board.Runs, stopping)) changed(run);
        foreach (var ticket in board.Tickets)
            if (ticket.Triage.IsSettled && ticket.LabelReadAt != ticket.Triage.Status)
                (ticket.Label, ticket.LabelReadAt) = (await driver.LabelOfAsync(ticket, stopping), ticket.Triage.Status);
        await driver.StartAsync(board.Tickets.Where(ticket => ticket is { WantsRefund: true, Refund.Status: null }).Select(ticket => ticket.Refund), changed, stopping);
    }
}
