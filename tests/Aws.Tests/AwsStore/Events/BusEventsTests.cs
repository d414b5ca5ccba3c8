using AgentRuntime.AwsStore.Events;
using AgentRuntime.Common;
using AgentRuntime.Events;

namespace AgentRuntime.Aws.Tests.AwsStore.Events;

/// <summary>What leaves for the event bus, and how.</summary>
public sealed class BusEventsTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    [Fact]
    public void Of_ABatch_IsRunsAndApprovalsAlone()
    {
        string[] types =
        [
            EventTypes.RunStarted, EventTypes.ModelReplied, EventTypes.ToolReturned, EventTypes.ApprovalRequested, EventTypes.ApprovalDecided, EventTypes.ApprovalExpired,
            "something.else", EventTypes.RunFailed, EventTypes.RunCancelled, EventTypes.RunCompleted,
        ];
        var batch = new EventBatch(TenantId.Parse("acme"), [new RunEvents("r1", "helper", [.. types.Select((type, seq) => new RunEvent(seq, type, At, new byte[RunEvent.HashBytes]))])]);

        var events = BusEvents.Of(batch).ToList();

        Assert.Equal(
            [EventTypes.RunStarted, EventTypes.ApprovalRequested, EventTypes.ApprovalDecided, EventTypes.ApprovalExpired, EventTypes.RunFailed, EventTypes.RunCancelled, EventTypes.RunCompleted],
            events.Select(each => each.Type));
        Assert.Equal("""{"tenant":"acme","agent":"helper","run":"r1","seq":0,"time":"2026-03-01T12:00:00.25+00:00"}""", events[0].Detail);
        Assert.Equal(("agent-runtime", At), (events[0].Source, events[0].Time));
    }
}
