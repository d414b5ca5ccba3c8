using System.Runtime.InteropServices;
using AgentRuntime.Agents;
using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>What a model's outcome is recorded as, with everything that follows at once in the same append.</summary>
internal static class ModelRecords
{
    public static IReadOnlyList<RunRecord> Of(
        RunState state,
        AgentDefinition definition,
        RunDecisionPoint point,
        ModelOutcome outcome,
        IReadOnlyList<PreparedTool?> tools,
        DateTimeOffset now) => outcome switch
        {
            ModelOutcome.Replied { CutOff: { } why, Reply: var reply } => OfCutOff(state, reply, why),
            ModelOutcome.Replied { Reply: var reply } => OfReply(state, definition, point, reply, tools, now),
            ModelOutcome.Failed failed => OfFailure(state, point, failed, now),
            _ => throw new InvalidOperationException($"No record for {outcome.GetType().Name}."),
        };

    private static IReadOnlyList<RunRecord> OfReply(
        RunState state,
        AgentDefinition definition,
        RunDecisionPoint point,
        ModelReplied reply,
        IReadOnlyList<PreparedTool?> tools,
        DateTimeOffset now)
    {
        var limits = state.Start.Limits;
        if (TooLarge(reply, limits) is { } refused) return refused;
        // Input that came while the model answered is shown to it before the run ends or waits.
        if (reply.Calls.Count == 0 && state.LastInputSeq > point.SeenSeq) return [reply with { NeedsPerson = false }];
        if (reply.Calls.Count == 0) return reply.NeedsPerson ? [reply] : [reply, new RunCompleted(reply.Text ?? string.Empty)];
        if (reply.Calls.Count > limits.MaxFanOut) return [reply, .. RunLoop.LimitRecords("maxFanOut", reply.Calls.Count, limits.MaxFanOut)];
        var calls = state.ToolCalls + reply.Calls.Count;
        if (calls > limits.MaxToolCalls) return [reply, .. RunLoop.LimitRecords("maxToolCalls", calls, limits.MaxToolCalls)];
        // What stands for the calls of a fork that is not live is looked up once the reply is recorded.
        if (state.Fork is { Live: false }) return [reply];
        var records = new List<RunRecord>(1) { reply };
        for (var i = 0; i < reply.Calls.Count; i++)
        {
            // What is asked, refused or denied is known now, and costs no append of its own.
            var call = new CallState(reply.Step, i, reply.Calls[i]);
            records.AddRange(CallGate.Check(state, definition, call, tools[i], definition.Tools.Select(static tool => tool.Tool), now));
        }

        return records;
    }

    /// <summary>Half an answer is kept, and is no answer.</summary>
    private static RunRecord[] OfCutOff(RunState state, ModelReplied reply, string why) =>
        TooLarge(reply, state.Start.Limits) ?? [reply, new RunFailed(ErrorCode.ModelFailed, why)];

    private static RunRecord[]? TooLarge(ModelReplied reply, RunLimits limits)
    {
        var size = Size(reply, limits.MaxPayloadBytes);
        return size > limits.MaxPayloadBytes ? RunLoop.LimitRecords("maxPayloadBytes", size, limits.MaxPayloadBytes) : null;
    }

    public static RunRecord[] OfFailure(RunState state, RunDecisionPoint point, ModelOutcome.Failed failed, DateTimeOffset now)
    {
        var isLast = !failed.IsTransient || state.ModelFailures + 1 >= state.Start.Limits.MaxAttemptsPerCall;
        var attempt = new AttemptFailed(
            point.Step, null, point.Attempt, failed.Code, failed.Message, failed.IsTransient, isLast ? null : Backoff.Next(state.ModelFailures, now, failed.RetryAfter));
        if (state.Cancel is not null) return [attempt];
        return isLast ? [attempt, new RunFailed(failed.Code, failed.Message)] : [attempt];
    }

    private static long Size(ModelReplied reply, int max)
    {
        var size = reply.Text is { } text ? PayloadSize.Of(text, max) : 0;
        foreach (var call in reply.Calls)
            size += call.Id.Length + call.Name.Length + (call.Malformed?.Length ?? 0) + (call.Arguments is { } arguments ? JsonMarshal.GetRawUtf8Value(arguments).Length : 0);
        return size;
    }
}
