using AgentRuntime.Approvals;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Driving;

/// <summary>Whether a decision is the repetition of one that was made: its answer may have been lost on the way. The journal knows it to the letter.</summary>
internal static class EarlierDecision
{
    private const int RecordsPerRead = 256;
    private const int BytesPerRead = 4 * 1024 * 1024;

    private static readonly string Decided = RecordTypes.All.Single(static type => type.Json.Type == typeof(ApprovalDecided)).Alias;

    /// <summary>Whether the same person has given this very answer with the same reason and result.</summary>
    /// <param name="access">The journals.</param>
    /// <param name="run">The run that asked.</param>
    /// <param name="command">The decision.</param>
    /// <param name="now">The approval as it is.</param>
    /// <param name="cancellation">The caller's.</param>
    public static async Task<bool> IsAsync(JournalAccess access, RunKey run, DecideApproval command, ApprovalView now, CancellationToken cancellation)
    {
        if (!IsWorthALook(command, now)) return false;
        for (long seq = 0;;)
        {
            var entries = await access.Journal.ReadAsync(run, seq, RecordsPerRead, BytesPerRead, cancellation);
            if (entries.Count == 0) return false;
            foreach (var entry in entries)
            {
                if (HeaderCodec.Decode(entry.Header).Alias != Decided) continue;
                if ((await access.Reader.ReadAsync(entry, cancellation)).Record is ApprovalDecided made && IsSame(made, command)) return true;
            }

            seq = entries[^1].Seq + 1;
        }
    }

    // A journal may be long, and most who come late are other people.
    private static bool IsWorthALook(DecideApproval command, ApprovalView now) =>
        now.Reason == ApprovalViews.ReasonOf(command.By.Identity, command.Reason)
        || (now.RequiredPeople > 1 && command.Verdict == ApprovalVerdict.Approve && now.ApprovedBy.Contains(command.By.Identity, StringComparer.Ordinal));

    private static bool IsSame(ApprovalDecided made, DecideApproval command) =>
        (made.Approval, made.Verdict, made.By, made.Reason, made.Result) == (command.Approval.Value, command.Verdict, command.By.Identity, command.Reason, command.Result);
}
