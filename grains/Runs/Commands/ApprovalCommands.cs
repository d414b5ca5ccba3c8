using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Commands;

/// <summary>Who may decide an approval, and what follows. Pure; the fence of the journal picks the one winner.</summary>
internal static class ApprovalCommands
{
    /// <summary>A critical call needs a login at most this old.</summary>
    public static readonly TimeSpan CriticalLoginAge = TimeSpan.FromMinutes(5);

    public static CommandResult Decide(RunState state, DecideApproval command, DateTimeOffset now)
    {
        if (state.FindApproval(command.Approval.Value) is not { Approval: { } approval } call
            || call.Phase is not (CallPhase.AwaitingApproval or CallPhase.AwaitingResolution))
        {
            return CommandResult.Refused(ErrorCode.FailedPrecondition, $"approval {command.Approval}: is not pending any more.");
        }

        if (approval.ExpiresAt <= (state.HeldSince ?? now))
            return CommandResult.Refused(ErrorCode.FailedPrecondition, $"approval {command.Approval}: expired at {approval.ExpiresAt:u}; the call is denied.");
        return FindRefusal(state, approval, command, now) is { } refusal
            ? CommandResult.Refused(refusal.Code, $"approval {command.Approval}: {refusal.Message}")
            : CommandResult.Of([.. Records(call, approval, command)]);
    }

    /// <summary>Whether it comes from one of those who have approved what still waits for another person, or for the call.</summary>
    public static bool HasApproved(RunState state, DecideApproval command) =>
        command.By.Has(Roles.Approver) && state.FindApproval(command.Approval.Value)?.Approval is { } approval && HasApproved(approval, command);

    private static bool HasApproved(ApprovalProgress approval, DecideApproval command) => approval.ApprovedBy.Contains(command.By.Identity, StringComparer.Ordinal);

    private static (ErrorCode Code, string Message)? FindRefusal(
        RunState state, ApprovalProgress approval, DecideApproval command, DateTimeOffset now)
    {
        var by = command.By;
        var request = approval.Request;
        if (by.Person is null) return (ErrorCode.PermissionDenied, "only a person can decide; this credential names none.");
        if (!by.Has(Roles.Approver)) return (ErrorCode.PermissionDenied, $"role {Roles.Approver} is needed.");
        if (request.Excluded.Contains(by.Identity, StringComparer.Ordinal))
            return (ErrorCode.PermissionDenied, "who started the run or published the agent or the tool cannot decide. Ask another person.");
        // A fork excludes the end user of the run it was forked from, too.
        if (string.Equals(state.Start.OnBehalfOf, by.Person, StringComparison.Ordinal) || request.Excluded.Contains(by.Person, StringComparer.Ordinal))
            return (ErrorCode.PermissionDenied, "the run acts on behalf of this person. Ask another person.");
        if (HasApproved(approval, command))
            return (ErrorCode.PermissionDenied, "this person has approved already. A second person is needed.");
        if (request.Risk == RiskLevel.Critical && now - by.AuthenticatedAt > CriticalLoginAge)
            return (ErrorCode.PermissionDenied, "a critical call needs a login at most 5 minutes old. Log in again.");
        if (command.Reason is not { Length: > 0 and <= 1_000 }) return (ErrorCode.InvalidArgument, "reason must be 1 to 1,000 characters.");
        var isCallVerdict = command.Verdict is ApprovalVerdict.Approve or ApprovalVerdict.Deny;
        if (isCallVerdict != (request.Kind == ApprovalKind.Call))
            return (ErrorCode.InvalidArgument, request.Kind == ApprovalKind.Call ? "answer approve or deny." : "answer happened, did-not-happen or retry.");
        if (command.Verdict == ApprovalVerdict.Happened && command.Result is null)
            return (ErrorCode.InvalidArgument, "happened needs the result that the tool gave.");
        return null;
    }

    private static IEnumerable<RunRecord> Records(CallState call, ApprovalProgress approval, DecideApproval command)
    {
        var request = approval.Request;
        yield return new ApprovalDecided(
            request.Approval, command.Verdict, command.By.Identity, command.Reason, command.Result, command.By.AuthenticatedAt);
        var outcome = command.Verdict switch
        {
            ApprovalVerdict.Deny => (ToolOutcomeKind.NotMade, $"The call was not made: a person denied it ({command.Reason})."),
            ApprovalVerdict.Happened => (ToolOutcomeKind.Success, command.Result!),
            ApprovalVerdict.DidNotHappen => (ToolOutcomeKind.Error, $"The call did not happen, says a person ({command.Reason})."),
            _ => ((ToolOutcomeKind, string)?)null,
        };
        if (outcome is not { } known) yield break;
        yield return new ToolReturned(
            call.Step,
            call.Index,
            call.SpentAttempts,
            known.Item1,
            known.Item2,
            command.Verdict == ApprovalVerdict.Happened ? command.By.Identity : null);
    }
}
