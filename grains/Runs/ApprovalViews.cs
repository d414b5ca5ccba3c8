using System.Text.Json;
using AgentRuntime.Approvals;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs;

/// <summary>The inbox rows that change with a record, seen from the state before it.</summary>
internal static class ApprovalViews
{
    /// <summary>Characters of the arguments that the inbox shows; the hash binds the whole.</summary>
    public const int MaxArgumentChars = 16 * 1024;

    public static IEnumerable<ApprovalView> Changes(RunState before, RunRecord record, DateTimeOffset time)
    {
        switch (record)
        {
            case ApprovalRequested requested when before.FindCall(requested.Step, requested.Call) is { } call:
                return [View(before, call, new ApprovalProgress(requested, time, []), ApprovalState.Pending, null)];
            case ApprovalDecided decided when before.FindApproval(decided.Approval) is { Approval: { } approval } call:
                return [Decided(before, call, approval, decided)];
            case ApprovalExpired expired when before.FindApproval(expired.Approval) is { Approval: { } approval } call:
                return [View(before, call, approval, ApprovalState.Expired, null)];
            case ToolReturned returned when before.FindCall(returned.Step, returned.Call) is { } call && IsPending(call):
                return [View(before, call, call.Approval!, ApprovalState.Withdrawn, "the outcome became known")];
            case RunResumed when before.HeldSince is { } since && time > since:
                return before.Calls.Where(IsPending)
                    .Select(call => View(before, call, call.Approval! with { ExpiresAt = call.Approval!.ExpiresAt + (time - since) }, ApprovalState.Pending, null));
            case RunCompleted or RunFailed or RunCancelled:
                return before.Calls.Where(IsPending)
                    .Select(call => View(before, call, call.Approval!, ApprovalState.Withdrawn, "the run ended"));
            default:
                return [];
        }
    }

    /// <summary>How a decision's reason is shown.</summary>
    public static string ReasonOf(string by, string reason) => $"{by}: {reason}";

    private static bool IsPending(CallState call) =>
        call.Approval is not null && call.Phase is CallPhase.AwaitingApproval or CallPhase.AwaitingResolution;

    private static ApprovalView Decided(RunState state, CallState call, ApprovalProgress approval, ApprovalDecided decided)
    {
        if (decided.Verdict == ApprovalVerdict.Approve) approval = approval with { ApprovedBy = [.. approval.ApprovedBy, decided.By] };
        var result = decided.Verdict switch
        {
            ApprovalVerdict.Deny => ApprovalState.Denied,
            ApprovalVerdict.Approve when approval.ApprovedBy.Count < approval.Request.RequiredPeople => ApprovalState.Pending,
            _ => ApprovalState.Approved,
        };
        return View(state, call, approval, result, ReasonOf(decided.By, decided.Reason));
    }

    private static ApprovalView View(RunState state, CallState call, ApprovalProgress approval, ApprovalState result, string? reason)
    {
        var request = approval.Request;
        return new ApprovalView(
            ApprovalId.Parse(request.Approval),
            state.Key.Run.Value,
            state.Start.Agent,
            request.Kind,
            result,
            request.Step,
            request.Call,
            request.Tool,
            request.Risk,
            request.ContractHash,
            request.ArgumentsHash,
            request.PolicyHash,
            Shown(call.Requested.Arguments),
            state.Start.Requester.Identity,
            request.RequiredPeople,
            approval.ApprovedBy,
            reason,
            approval.CreatedAt,
            approval.ExpiresAt);
    }

    private static string Shown(JsonElement? arguments)
    {
        var text = arguments?.GetRawText() ?? string.Empty;
        return text.Length <= MaxArgumentChars ? text : text[..MaxArgumentChars];
    }
}
