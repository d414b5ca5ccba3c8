using System.CommandLine;
using AgentRuntime.Demo.Tickets;
using AgentRuntime.Hosting.Commands;

namespace AgentRuntime.Demo;

/// <summary>Serves, applies the samples, and works on tickets.</summary>
internal static class DemoCommand
{
    public const string OrdersPortOption = "--orders-port";

    /// <param name="options">Those of the command above, which may stand before or after the verb.</param>
    public static Command Create(SiloOptionSet options)
    {
        var command = new Command("demo", "Serves, and lets the two sample agents work on support tickets: triage, and refunds that a person approves.");
        var input = new Option<string?>("--input")
        {
            Description = "Your own tickets as JSON Lines with id, customer, subject, body and perhaps received (a day); default: the 94 of the samples",
        };
        var ordersPort = new Option<int?>(OrdersPortOption) { Description = "Port of the demo's shop, which pays refunds. Default 5301" };
        command.Options.Add(input);
        command.Options.Add(ordersPort);
        command.SetAction((parsed, cancellation) =>
        {
            IReadOnlyList<(string, Ticket)> tickets = [];
            return SiloRunner.RunAsync(
                options,
                parsed,
                builder =>
                {
                    tickets = ReadTickets(parsed.GetValue(input));
                    DemoParts.Add(builder, parsed.GetValue(ordersPort));
                },
                (app, stopping) => DemoSession.RunAsync(app, tickets, stopping),
                cancellation);
        });
        return command;
    }

    private static IReadOnlyList<(string File, Ticket Ticket)> ReadTickets(string? input)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var samples = DemoSamples.Find();
        string[] files = input is null ? [samples.KnownTickets, samples.LaterTickets] : [input];
        return [.. files.SelectMany(file => TicketFile.Read(file, today).Select(ticket => (Path.GetFileName(file), ticket)))];
    }
}
