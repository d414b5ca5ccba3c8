using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.FrontDoor.Runs;
using AgentRuntime.Runs.Sessions;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.FrontDoor.Sessions;

/// <summary>Sessions as they stand on the wire.</summary>
internal static class SessionMapping
{
    public static V1.Session ToWire(SessionView view, TenantId tenant) => new()
    {
        Name = ResourceName.OfSession(tenant, view.Session.Value),
        Agent = ResourceName.OfAgent(tenant, view.Agent),
        AgentVersion = view.AgentVersion,
        Creator = view.CreatedBy,
        CreateTime = view.CreatedAt.ToTimestamp(),
        RunCount = view.Runs,
        NewestRun = view.NewestRun is { } run ? ResourceName.OfRun(tenant, run.Value) : "",
    };

    public static V1.Turn ToWire(TranscriptTurn turn, TenantId tenant) => new()
    {
        Run = ResourceName.OfRun(tenant, turn.Run.Value),
        State = RunMapping.ToWire(turn.Status),
        Messages = { turn.Messages.Select(ToWire) },
        Truncated = turn.IsTruncated,
    };

    private static V1.Message ToWire(TranscriptMessage message) => new()
    {
        Seq = message.Seq,
        Speaker = (V1.Speaker)message.Speaker,
        Text = message.Text,
        Time = message.Time.ToTimestamp(),
        Erased = message.IsErased,
    };
}
