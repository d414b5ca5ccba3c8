using AgentRuntime.Approvals;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Driving;

/// <summary>Whether a decision is the repetition of one that was made: its answer may have been lost on the way. The journal knows it to the letter.</summary>
internal static class EarlierDecision
{
    public const int RecordsPerRead = 128;

    /// <summary>Whoever repeats does so soon. The run answers nobody else meanwhile, so that there is an end to looking.</summary>
    public const int MaxRecords = 64 * RecordsPerRead;

    private const int BytesPerRead = 4 * 1024 * 1024;

    private static readonly string Decided = AliasOf(typeof(ApprovalDecided));
    private static readonly string Requested = AliasOf(typeof(ApprovalRequested));

    /// <summary>Whether the same person has given this very answer with the same reason and result.</summary>
    /// <param name="access">The journals.</param>
    /// <param name="state">The run that asked.</param>
    /// <param name="command">The decision.</param>
    /// <param name="now">The approval as it is.</param>
    /// <param name="cancellation">The caller's.</param>
    public static async Task<bool> IsAsync(JournalAccess access, RunState state, DecideApproval command, ApprovalView now, CancellationToken cancellation)
    {
        if (!IsWorthALook(command, now)) return false;
        // From the end back to where it was asked for, which is not far: a run does little while it waits, and a person who lost an answer asks soon.
        var oldest = Math.Max(0, state.LastSeq + 1 - MaxRecords);
        for (var until = state.LastSeq + 1; until > oldest; until -= RecordsPerRead)
        {
            if (await LookAsync(access, state.Key, Math.Max(oldest, until - RecordsPerRead), until, command, cancellation) is { } found) return found;
        }

        return false;
    }

    /// <summary>Looks at the records from a seq until before another. Null: what is older is to be looked at.</summary>
    private static async Task<bool?> LookAsync(JournalAccess access, RunKey run, long from, long until, DecideApproval command, CancellationToken cancellation)
    {
        bool? found = null;
        while (from < until)
        {
            var entries = await access.Journal.ReadAsync(run, from, (int)(until - from), BytesPerRead, cancellation);
            if (entries.Count == 0) return false;
            foreach (var entry in entries)
            {
                if (!IsOfInterest(HeaderCodec.Decode(entry.Header), command)) continue;
                switch ((await access.Reader.ReadAsync(entry, cancellation)).Record)
                {
                    // A person decides on an approval once.
                    case ApprovalDecided made when made.Approval == command.Approval.Value && made.By == command.By.Identity:
                        return (made.Verdict, made.Reason, made.Result) == (command.Verdict, command.Reason, command.Result);
                    case ApprovalRequested asked when asked.Approval == command.Approval.Value:
                        found = false;
                        break;
                }
            }

            from = entries[^1].Seq + 1;
        }

        return found;
    }

    // A header holds the beginning of a long name.
    private static bool IsOfInterest(RecordHeader header, DecideApproval command) =>
        header.Alias == Requested || (header.Alias == Decided && command.By.Identity.StartsWith(header.Actor, StringComparison.Ordinal));

    // Most who come late are other people, or have changed their mind.
    private static bool IsWorthALook(DecideApproval command, ApprovalView now) =>
        (command.Verdict == ApprovalVerdict.Deny) == (now.State == ApprovalState.Denied)
        && (now.Reason == ApprovalViews.ReasonOf(command.By.Identity, command.Reason)
            || (command.Verdict == ApprovalVerdict.Approve && now.RequiredPeople > 1 && now.ApprovedBy.Contains(command.By.Identity, StringComparer.Ordinal)));

    private static string AliasOf(Type record) => RecordTypes.All.Single(type => type.Json.Type == record).Alias;
}
