namespace AgentRuntime.Demo.Tickets;

/// <summary>One line of a ticket file.</summary>
/// <param name="Id">Unique, a well-formed id in any case: <c>[A-Za-z0-9-]{1,40}</c>.</param>
/// <param name="Received">Day of receipt, <c>2026-03-02</c>.</param>
/// <param name="Customer">Who wrote it.</param>
/// <param name="Subject">The subject line.</param>
/// <param name="Body">The text.</param>
/// <param name="ExpectedLabel">The label that a person gave it; null when nobody has.</param>
/// <param name="ExpectedAction">What a person did: answer, refund, decline, person; null when nobody has.</param>
internal sealed record Ticket(
    string Id, string Received, string Customer, string Subject, string Body, string? ExpectedLabel, string? ExpectedAction);
