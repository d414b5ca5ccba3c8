namespace AgentRuntime.Demo;

/// <summary>How well the rules did on one file of tickets. Handing over where a decision was expected is neither right nor wrong.</summary>
/// <param name="File">The file.</param>
/// <param name="Tickets">Tickets with an expectation.</param>
/// <param name="Labels">How the labels went.</param>
/// <param name="Actions">How the actions went: answer, refund, decline, person.</param>
internal sealed record DemoScore(string File, int Tickets, DemoTally Labels, DemoTally Actions)
{
    public static IReadOnlyList<DemoScore> Of(IEnumerable<DemoTicket> tickets) =>
    [
        .. tickets.Where(ticket => ticket.Ticket.ExpectedLabel is not null).GroupBy(ticket => ticket.File).Select(file => new DemoScore(
            file.Key,
            file.Count(),
            DemoTally.Of(file.Select(ticket => (ticket.Ticket.ExpectedLabel!, ticket.Label, DemoTicket.NoLabel))),
            DemoTally.Of(file.Where(ticket => ticket.Ticket.ExpectedAction is not null).Select(ticket => (ticket.Ticket.ExpectedAction!, ticket.Action, "person"))))),
    ];
}

/// <summary>Right, wrong, handed over, and not decided yet.</summary>
internal sealed record DemoTally(int Right, int Wrong, int HandedOver, int Open)
{
    public static DemoTally Of(IEnumerable<(string Expected, string? Actual, string Handover)> pairs)
    {
        var (right, wrong, handedOver, open) = (0, 0, 0, 0);
        foreach (var (expected, actual, handover) in pairs)
        {
            if (actual is null) open++;
            else if (actual == expected) right++;
            else if (actual == handover) handedOver++;
            else wrong++;
        }

        return new DemoTally(right, wrong, handedOver, open);
    }
}
