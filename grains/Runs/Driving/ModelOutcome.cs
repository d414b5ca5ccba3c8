using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Driving;

/// <summary>What became of a model call.</summary>
internal abstract record ModelOutcome
{
    public sealed record Replied(ModelReplied Reply) : ModelOutcome;

    public sealed record Failed(ErrorCode Code, string Message, bool IsTransient) : ModelOutcome;
}
