using System.Diagnostics;
using AgentRuntime.Approvals;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs;

/// <summary>Spans of a run. They belong to the trace of who started it, whichever silo makes them and however much later.</summary>
internal static class RunSpans
{
    private const string RunStep = "run step";
    private const string ApprovalWait = "approval wait";

    /// <summary>One decision of the loop that is carried out: a model's turn or the call of a tool, with the append of what came of it.</summary>
    public static Activity? Step(RunState state, int step, int attempt)
    {
        if (!RuntimeSource.Spans.HasListeners()) return null;
        var span = RuntimeSource.Spans.StartActivity(RunStep, ActivityKind.Internal, state.Trace);
        if (span is not { IsAllDataRequested: true }) return span;
        Name(span, state);
        span.SetTag(RuntimeNames.Step, step);
        span.SetTag(RuntimeNames.Attempt, attempt);
        return span;
    }

    /// <summary>A command that a caller gave to a run, from its turn in the run's queue to its answer. In the caller's trace.</summary>
    public static Activity? Command(object command, in ActivityContext caller, RunKey run)
    {
        if (caller == default || !RuntimeSource.Spans.HasListeners()) return null;
        var span = RuntimeSource.Spans.StartActivity(command.GetType().Name, ActivityKind.Internal, caller);
        if (span is not { IsAllDataRequested: true }) return span;
        span.SetTag(RuntimeNames.Tenant, run.Tenant.Value);
        span.SetTag(RuntimeNames.Run, run.Run.Value);
        return span;
    }

    /// <summary>The time that an approval waited, in the run's trace, with a link to the trace of who decided.</summary>
    public static void Waited(RunState state, ApprovalView approval, DateTimeOffset now)
    {
        if (approval.State == ApprovalState.Pending || !RuntimeSource.Spans.HasListeners()) return;
        ActivityLink[] links = Activity.Current is { } decider && decider.TraceId != state.TraceId ? [new ActivityLink(decider.Context)] : [];
        using var span = RuntimeSource.Spans.StartActivity(ApprovalWait, ActivityKind.Internal, state.Trace, tags: null, links, approval.CreatedAt);
        if (span is null) return;
        Name(span, state);
        span.SetTag(RuntimeNames.Approval, approval.Approval.Value);
        span.SetTag(GenAiNames.ToolName, approval.Tool);
        span.SetTag(RuntimeNames.Outcome, approval.State.ToString());
        span.SetEndTime(now.UtcDateTime);
    }

    private static void Name(Activity span, RunState state)
    {
        span.SetTag(GenAiNames.OperationName, GenAiNames.InvokeAgent);
        span.SetTag(GenAiNames.AgentName, state.Start.Agent);
        span.SetTag(RuntimeNames.Tenant, state.Key.Tenant.Value);
        span.SetTag(RuntimeNames.Run, state.Key.Run.Value);
        if (state.Start.Place is { } place) span.SetTag(GenAiNames.ConversationId, place.Session);
    }
}
