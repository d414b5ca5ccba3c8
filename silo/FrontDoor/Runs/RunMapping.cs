using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Errors;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.FrontDoor.Runs;

/// <summary>Runs as they stand on the wire.</summary>
internal static class RunMapping
{
    public static V1.Run ToWire(RunView view, TenantId tenant)
    {
        var run = new V1.Run
        {
            Name = ResourceName.OfRun(tenant, view.Run.Value),
            Agent = ResourceName.OfAgent(tenant, view.Agent),
            AgentVersion = view.AgentVersion,
            State = ToWire(view.Status),
            Steps = view.Steps,
            LastSeq = view.LastSeq,
            StartTime = view.StartedAt.ToTimestamp(),
            EndTime = view.EndedAt?.ToTimestamp(),
        };
        if (view.ForkedFrom is { } fork) run.ForkedFrom = new V1.ForkOrigin { Run = ResourceName.OfRun(tenant, fork.Run.Value), Seq = fork.Seq, Live = fork.Live };
        if (view.Session is { } session) run.Session = ResourceName.OfSession(tenant, session);
        if (view.Output is not null) run.Output = view.Output;
        if (view.ErrorCode is { } code) run.Error = new V1.RunError { Code = StatusTable.ReasonOf(code), Message = view.Message ?? "" };
        else if (view.Message is not null) run.Reason = view.Message;
        return run;
    }

    public static V1.RunSummary ToWire(RunRow row) => new()
    {
        Name = ResourceName.OfRun(row.Key.Tenant, row.Key.Run.Value),
        Agent = ResourceName.OfAgent(row.Key.Tenant, row.Agent),
        State = ToWire(row.Status),
        StartTime = row.StartedAt.ToTimestamp(),
        EndTime = row.EndedAt?.ToTimestamp(),
    };

    public static V1.RunState ToWire(RunStatus status) => (V1.RunState)status;

    /// <summary>A filter's state; null for any.</summary>
    public static RunStatus? FromWire(V1.RunState state) => state switch
    {
        V1.RunState.Unspecified => null,
        _ when System.Enum.IsDefined((RunStatus)state) => (RunStatus)state,
        _ => throw new InvalidInputException("state", "is no state of a run."),
    };
}
