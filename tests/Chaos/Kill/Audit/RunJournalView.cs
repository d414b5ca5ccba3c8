using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.Kill.Audit;

/// <summary>One run as it lies in the store at the end.</summary>
internal sealed record RunJournalView(RunRow Row, IReadOnlyList<JournalEntry> Entries, IReadOnlyList<RunRecord> Records)
{
    /// <summary>How often a person told to make this call once more.</summary>
    public int Retries(int step, int call)
    {
        var asked = Records.OfType<ApprovalRequested>().Where(ask => (ask.Step, ask.Call) == (step, call)).Select(ask => ask.Approval).ToHashSet();
        return Records.OfType<ApprovalDecided>().Count(word => word.Verdict == Approvals.ApprovalVerdict.Retry && asked.Contains(word.Approval));
    }
}
