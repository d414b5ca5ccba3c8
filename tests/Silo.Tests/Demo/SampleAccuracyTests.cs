using AgentRuntime.Demo;
using AgentRuntime.Demo.Tickets;
using AgentRuntime.Models.Rules;

namespace AgentRuntime.Silo.Tests.Demo;

public class SampleAccuracyTests(ITestOutputHelper output)
{
    private static readonly DemoSamples Samples = DemoSamples.Find();

    [Fact]
    public async Task Rules_TicketsTheyWereWrittenFor_NineInTenRightAndNoneUnnoticed()
    {
        var (labels, actions, count) = await ScoreAsync(Samples.KnownTickets);

        Assert.InRange(count, 60, int.MaxValue);
        Assert.InRange(labels.Right, count * 9 / 10, count);
        Assert.InRange(actions.Right, count * 9 / 10, count);
        Assert.Equal((count, count), (labels.Right + labels.Wrong + labels.HandedOver, actions.Right + actions.Wrong + actions.HandedOver));
    }

    // What the rules reached on the day they met these tickets. It tells when a rule or the search changes; it is no target.
    [Fact]
    public async Task Rules_TicketsWrittenAfterThem_AsOnTheFirstDay()
    {
        var (labels, actions, count) = await ScoreAsync(Samples.LaterTickets);

        Assert.Equal(30, count);
        Assert.Equal(new DemoTally(Right: 12, Wrong: 4, HandedOver: 14, Open: 0), labels);
        Assert.Equal(new DemoTally(Right: 15, Wrong: 1, HandedOver: 14, Open: 0), actions);
    }

    private async Task<(DemoTally Labels, DemoTally Actions, int Count)> ScoreAsync(string file)
    {
        var tickets = TicketFile.Read(file, new DateOnly(2026, 3, 1));
        using var bench = await DemoBench.OpenAsync(Samples, tickets);
        using var triage = new RulesChatClient(RuleSet.Parse(await File.ReadAllTextAsync(Samples.TriageRules)));
        using var refund = new RulesChatClient(RuleSet.Parse(await File.ReadAllTextAsync(Samples.RefundRules)));
        var labels = new List<(string, string?, string)>();
        var actions = new List<(string, string?, string)>();
        foreach (var ticket in tickets)
        {
            var end = await bench.RunAsync(triage, $"t-{ticket.Id}", $"Sort ticket {ticket.Id}");
            var label = await bench.LabelOfAsync(ticket.Id);
            if (label == DemoTicket.RefundLabel) end = await bench.RunAsync(refund, $"r-{ticket.Id}", $"Handle the refund request of ticket {ticket.Id}");
            var action = end switch
            {
                ("approval", _) => "refund",
                ("answer", var text) when text.StartsWith("Declined", StringComparison.Ordinal) => "decline",
                var (other, _) => other,
            };
            labels.Add((ticket.ExpectedLabel!, label, DemoTicket.NoLabel));
            actions.Add((ticket.ExpectedAction!, action, "person"));
            if (label != ticket.ExpectedLabel || action != ticket.ExpectedAction)
                output.WriteLine($"{ticket.Id} {ticket.Subject}: label {label} (expected {ticket.ExpectedLabel}), action {action} (expected {ticket.ExpectedAction})");
        }

        var (tallyOfLabels, tallyOfActions) = (DemoTally.Of(labels), DemoTally.Of(actions));
        output.WriteLine($"{Path.GetFileName(file)}: labels {tallyOfLabels}, actions {tallyOfActions} of {tickets.Count}");
        return (tallyOfLabels, tallyOfActions, tickets.Count);
    }
}
