using AgentRuntime.Demo.Tickets;
using AgentRuntime.Runs;

namespace AgentRuntime.Demo;

/// <summary>One ticket of this demo and how far its runs are.</summary>
internal sealed class DemoTicket(string file, Ticket ticket)
{
    public const string TriageAgent = "triage";
    public const string RefundAgent = "refund";
    public const string RefundLabel = "refund";
    public const string NoLabel = "none";

    /// <summary>The file that it came from.</summary>
    public string File => file;

    public Ticket Ticket => ticket;

    public DemoRun Triage { get; } = new(TriageAgent, $"triage-{ticket.Id}", $"Sort ticket {ticket.Id}");

    public DemoRun Refund { get; } = new(RefundAgent, $"refund-{ticket.Id}", $"Handle the refund request of ticket {ticket.Id}");

    /// <summary>The label that triage gave; null while it has not.</summary>
    public string? Label { get; set; }

    /// <summary>Where triage stood when the label was read; a person may have gone on since.</summary>
    public RunStatus? LabelReadAt { get; set; }

    /// <summary>Whether nothing more happens without a person.</summary>
    public bool IsSettled => Triage.IsSettled && LabelReadAt == Triage.Status && (!WantsRefund || Refund.IsSettled);

    public bool WantsRefund => Triage.Status == RunStatus.Completed && Label == RefundLabel;

    /// <summary>What became of the ticket, in the words of the file's expectedAction; null while that is open.</summary>
    public string? Action => (Triage.Status, WantsRefund, Refund.Status) switch
    {
        (RunStatus.Completed, false, _) => "answer",
        (RunStatus.WaitingForInput, _, _) => "person",
        (_, true, RunStatus.WaitingForApproval) => "refund",
        (_, true, RunStatus.WaitingForInput) => "person",
        (_, true, RunStatus.Completed) => Refund.Output!.StartsWith("Declined", StringComparison.Ordinal) ? "decline" : "refund",
        _ => null,
    };
}

/// <summary>One run of the demo, as it was seen last.</summary>
internal sealed class DemoRun(string agent, string requestId, string input)
{
    public string Agent => agent;

    public string RequestId => requestId;

    public string Input => input;

    public RunId Id { get; } = RunIds.FromRequest(DemoPeople.Tenant, requestId);

    /// <summary>Null until it is started.</summary>
    public RunStatus? Status { get; set; }

    /// <summary>Its answer, or why it failed or waits.</summary>
    public string? Output { get; set; }

    public bool IsSettled => Status is { } status and not (RunStatus.Running or RunStatus.WaitingForTimer) && (!status.IsTerminal() || Output is not null);
}
