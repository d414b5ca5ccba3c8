using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>What a requested call needs before it is made: records when it is not made now, none when it may be.</summary>
internal static class CallGate
{
    public static IReadOnlyList<RunRecord> Check(
        RunState state, AgentDefinition definition, CallState call, PreparedTool? tool, IEnumerable<string> toolNames, DateTimeOffset now)
    {
        var requested = call.Requested;
        if (tool is null)
            return [NotMade(call, $"There is no tool named '{Shown(requested.Name)}'. There are: {string.Join(", ", toolNames)}.")];
        var contractHash = tool.Version.Hash;
        if (requested.Arguments is not { } arguments)
            return [NotMade(call, "The arguments are not a JSON object.")];
        switch (ToolGateway.Decide(definition, tool, arguments))
        {
            case ToolVerdict.Allow or ToolVerdict.RequireApproval when MayHaveHappened(state, call, tool.Version):
                return [AskOutcome(state, call, tool.Version, now)];
            case ToolVerdict.Allow:
                return [];
            case ToolVerdict.RequireApproval when call.Phase == CallPhase.Approved && IsBound(call, contractHash):
                return [];
            case ToolVerdict.RequireApproval asked:
                return
                [
                    new ToolDecided(
                        call.Step, call.Index, tool.Version.Tool.Value, contractHash, ToolDecision.RequireApproval, asked.Reason, RiskRule.Hash),
                    Ask(state, call, tool.Version, ApprovalKind.Call, asked.People, now),
                ];
            case ToolVerdict.BadArguments bad:
                return [NotMade(call, bad.Message)];
            case ToolVerdict.Deny deny:
                return
                [
                    new ToolDecided(call.Step, call.Index, tool.Version.Tool.Value, contractHash, ToolDecision.Deny, deny.Reason, RiskRule.Hash),
                    NotMade(call, deny.Reason),
                ];
            case var unknown:
                throw new InvalidOperationException($"No rule for verdict {unknown.GetType().Name}.");
        }
    }

    /// <summary>The question to a person, whose word settles it: what became of an at-most-once call.</summary>
    public static ApprovalRequested AskOutcome(RunState state, CallState call, ToolVersion tool, DateTimeOffset now) =>
        Ask(state, call, tool, ApprovalKind.Resolve, people: 1, now);

    // Whoever the backup was taken from may have made the call after it. Only a person can find out.
    private static bool MayHaveHappened(RunState state, CallState call, ToolVersion tool) =>
        (state.IsRestored || state.Fork?.OpenStep == call.Step) && !call.IsSettled && tool.Contract.Effect == EffectClass.AtMostOnce;

    private static ApprovalRequested Ask(RunState state, CallState call, ToolVersion tool, ApprovalKind kind, int people, DateTimeOffset now) => new(
        $"{state.Key.Run}-{call.Step}-{call.Index}-{call.ApprovalCount + 1}",
        kind,
        call.Step,
        call.Index,
        tool.Tool.Value,
        tool.Contract.Risk,
        tool.Hash,
        CallArguments.Hash(call.Requested.Arguments),
        RiskRule.Hash,
        people,
        Excluded(state, tool),
        now.AddSeconds(state.Start.Limits.ApprovalSeconds));

    private static string[] Excluded(RunState state, ToolVersion tool)
    {
        string?[] all = [state.Start.Requester.Identity, state.Start.Publisher, tool.PublishedBy, .. state.Fork?.Excluded ?? []];
        return [.. all.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    // A person who settled an unknown outcome with "retry" permitted the call, too; it binds the same contract, arguments and policy.
    private static bool IsBound(CallState call, string contractHash) =>
        call.Approval?.Request is { } bound
        && bound.ContractHash == contractHash
        && bound.PolicyHash == RiskRule.Hash
        && bound.ArgumentsHash == CallArguments.Hash(call.Requested.Arguments);

    private static ToolReturned NotMade(CallState call, string reason) =>
        new(call.Step, call.Index, 0, ToolOutcomeKind.NotMade, reason);

    private static string Shown(string name) => name.Length <= 128 ? name : name[..128];
}
