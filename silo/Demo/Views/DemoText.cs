using AgentRuntime.Common;
using AgentRuntime.Runs;

namespace AgentRuntime.Demo.Views;

/// <summary>The sentences that the views share.</summary>
internal static class DemoText
{
    private const int MaxOutputChars = 160;

    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.WaitingForApproval => "waiting-for-approval",
        RunStatus.WaitingForInput => "waiting-for-input",
        RunStatus.WaitingForTimer => "waiting-for-timer",
        RunStatus.Paused => "paused",
        RunStatus.Completed => "completed",
        RunStatus.Failed => "failed",
        RunStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No such status."),
    };

    public static string Line(DemoBoard board, DemoRun run)
    {
        var line = $"{board.TicketOf(run).Ticket.Id,-8} {run.Agent,-7} {Of(run.Status!.Value),-21} {run.Id}";
        return run.Output is { Length: > 0 } output ? $"{line}  {Plain(output)}" : line;
    }

    public static IEnumerable<string> Summary(DemoBoard board)
    {
        foreach (var score in DemoScore.Of(board.Tickets))
        {
            yield return $"{score.File}: {score.Tickets} tickets";
            yield return $"  labels   {Tally(score.Labels, score.Tickets)}";
            yield return $"  actions  {Tally(score.Actions, score.Tickets)}";
        }

        yield return $"{board.WaitingForApproval} refund{(board.WaitingForApproval == 1 ? " waits" : "s wait")} for a person's approval.";
    }

    // Answers quote tickets and tools, and a terminal must not obey them.
    public static string Plain(string text)
    {
        var shown = new System.Text.StringBuilder();
        foreach (var part in text.Chunk(Shown.MaxChars).Take(MaxOutputChars / Shown.MaxChars)) shown.Append(Shown.Text(new string(part)));
        if (text.Length > MaxOutputChars) shown.Append("...");
        return shown.ToString();
    }

    private static string Tally(DemoTally tally, int of)
    {
        var text = $"{tally.Right} right, {tally.Wrong} wrong, {tally.HandedOver} handed over of {of} ({100.0 * tally.Right / of:0.0} % right)";
        return tally.Open == 0 ? text : $"{text}, {tally.Open} open";
    }
}
