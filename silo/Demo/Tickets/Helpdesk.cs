using AgentRuntime.Common;
using AgentRuntime.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace AgentRuntime.Demo.Tickets;

/// <summary>The demo's ticket system: a SQLite database of its own, as a real one would be outside of the runtime.</summary>
internal sealed class Helpdesk(string path, TimeProvider time) : IDisposable
{
    private readonly SqliteFile _file = SqliteFile.Open(path, HelpdeskSchema.Value, SqliteDurability.Power, time);

    public void Dispose() => _file.Dispose();

    /// <summary>Adds tickets; the same ones again change nothing.</summary>
    /// <exception cref="InvalidInputException">An id is taken by another ticket. Nothing was added.</exception>
    public Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation = default) => _file.WriteAsync(
        db =>
        {
            foreach (var ticket in tickets)
            {
                // A day that was not given is the day of the first time.
                if (Find(db, ticket.Id) is not { } present) Insert(db, ticket);
                else if ((present.Customer, present.Subject, present.Body) != (ticket.Customer, ticket.Subject, ticket.Body))
                    throw new InvalidInputException(
                        $"ticket {ticket.Id}", "is in the data folder with other content. Give the new one another id, or take another folder with --data.");
            }

            return 0;
        },
        cancellation);

    public Task<Ticket?> FindAsync(string id, CancellationToken cancellation = default) => _file.ReadAsync(db => Find(db, id), cancellation);

    /// <summary>Puts a label on a ticket. The call that has put the present one may be repeated; a later call replaces it.</summary>
    /// <exception cref="AgentRuntimeException">NotFound.</exception>
    public Task LabelAsync(TicketLabel label, CancellationToken cancellation = default) => _file.WriteAsync(
        db =>
        {
            if (Find(db, label.Ticket) is null) throw new AgentRuntimeException(ErrorCode.NotFound, $"ticket {label.Ticket}: does not exist.");
            return db.Execute(
                """
                INSERT INTO label (ticket, label, page, draft, call) VALUES ($ticket, $label, $page, $draft, $call)
                ON CONFLICT (ticket) DO UPDATE SET label = $label, page = $page, draft = $draft, call = $call WHERE call <> $call
                """,
                ("$ticket", label.Ticket), ("$label", label.Label), ("$page", label.Page), ("$draft", label.Draft), ("$call", label.Call));
        },
        cancellation);

    public Task<TicketLabel?> FindLabelAsync(string ticket, CancellationToken cancellation = default) => _file.ReadAsync(
        db =>
        {
            using var command = db.Prepare("SELECT ticket, label, page, draft, call FROM label WHERE ticket = $ticket", ("$ticket", ticket));
            using var row = command.ExecuteReader();
            return row.Read()
                ? new TicketLabel(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.GetString(4))
                : null;
        },
        cancellation);

    private static Ticket? Find(SqliteConnection db, string id)
    {
        using var command = db.Prepare("SELECT id, received, customer, subject, body FROM ticket WHERE id = $id", ("$id", id));
        using var row = command.ExecuteReader();
        return row.Read() ? new Ticket(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), null, null) : null;
    }

    private static void Insert(SqliteConnection db, Ticket ticket) => db.Execute(
        "INSERT INTO ticket (id, received, customer, subject, body) VALUES ($id, $received, $customer, $subject, $body)",
        ("$id", ticket.Id), ("$received", ticket.Received), ("$customer", ticket.Customer), ("$subject", ticket.Subject), ("$body", ticket.Body));
}
