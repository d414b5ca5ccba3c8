using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Driving;

/// <summary>What became of a model call.</summary>
internal abstract record ModelOutcome
{
    /// <param name="Reply">What the model said.</param>
    /// <param name="CutOff">Why its text is not all that it had to say; null when it is.</param>
    public sealed record Replied(ModelReplied Reply, string? CutOff = null) : ModelOutcome;

    /// <param name="Code">Why.</param>
    /// <param name="Message">Culprit and fix.</param>
    /// <param name="IsTransient">Whether it is worth another attempt.</param>
    /// <param name="RetryAfter">How long the model asks to be left alone; null when it does not say.</param>
    public sealed record Failed(ErrorCode Code, string Message, bool IsTransient, TimeSpan? RetryAfter = null) : ModelOutcome;
}
