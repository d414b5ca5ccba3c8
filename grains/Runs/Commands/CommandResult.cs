using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Commands;

/// <summary>What a command comes to: records to append (none when it changes nothing), or a refusal.</summary>
/// <param name="Records">Appended in one go before the caller is answered.</param>
/// <param name="Refusal">Why it is refused; then nothing is appended.</param>
/// <param name="Decided">The approval that was decided; only for decisions.</param>
internal sealed record CommandResult(IReadOnlyList<RunRecord> Records, AgentRuntimeException? Refusal = null, ApprovalView? Decided = null)
{
    public static readonly CommandResult Nothing = new([]);

    public static CommandResult Of(params RunRecord[] records) => new(records);

    public static CommandResult Refused(ErrorCode code, string message) => new([], new AgentRuntimeException(code, message));
}
