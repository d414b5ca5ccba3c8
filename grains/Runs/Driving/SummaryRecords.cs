using AgentRuntime.Models.Tokens;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Driving;

/// <summary>What the outcome of a summary is recorded as.</summary>
internal static class SummaryRecords
{
    public static IReadOnlyList<RunRecord> Of(
        RunState state, RunDecisionPoint point, ModelOutcome outcome, SummaryRequest request, DateTimeOffset now) => outcome switch
        {
            ModelOutcome.Replied { Reply: { Text: { } text } reply } =>
            [
                new ContextSummarized(
                    point.Step,
                    point.Attempt,
                    reply.Model,
                    TokenCounter.Cut(text, request.MaxTokens),
                    // Input that came meanwhile is shown as it is.
                    state.Window.TurnCount - request.Turns.Count,
                    reply.InputTokens,
                    reply.OutputTokens),
            ],
            ModelOutcome.Replied { Reply.Model: var model } => ModelRecords.OfFailure(
                state, point, new ModelOutcome.Failed(ErrorCode.ModelFailed, $"model {model}: gave no summary (context.summaryTokens).", IsTransient: true), now),
            ModelOutcome.Failed failed => ModelRecords.OfFailure(state, point, failed, now),
            _ => throw new InvalidOperationException($"No record for {outcome.GetType().Name}."),
        };
}
