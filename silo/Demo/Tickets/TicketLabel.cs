namespace AgentRuntime.Demo.Tickets;

/// <summary>What triage put on a ticket.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Label">The label.</param>
/// <param name="Page">The help page that the draft names; null for none.</param>
/// <param name="Draft">The draft of the answer.</param>
/// <param name="Call">Idempotency key of the call that put it there.</param>
internal sealed record TicketLabel(string Ticket, string Label, string? Page, string Draft, string Call);
