using AgentRuntime.Events;

namespace AgentRuntime.Slo;

/// <summary>What happened in one minute, by the times of the records.</summary>
/// <param name="Minute">When it began, UTC.</param>
/// <param name="Records">Records by their type, see <see cref="EventTypes"/>.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.slo.minute")]
public sealed record MinuteCounts([property: Id(0)] DateTimeOffset Minute, [property: Id(1)] IReadOnlyDictionary<string, long> Records)
{
    /// <summary>Runs that started.</summary>
    public long RunsStarted => Of(EventTypes.RunStarted);

    /// <summary>Runs that completed.</summary>
    public long RunsCompleted => Of(EventTypes.RunCompleted);

    /// <summary>Runs that failed.</summary>
    public long RunsFailed => Of(EventTypes.RunFailed);

    /// <summary>Runs that were cancelled or killed.</summary>
    public long RunsCancelled => Of(EventTypes.RunCancelled);

    /// <summary>Steps: replies of models.</summary>
    public long Steps => Of(EventTypes.ModelReplied);

    /// <summary>Tool calls that returned.</summary>
    public long ToolCalls => Of(EventTypes.ToolReturned);

    private long Of(string type) => Records.GetValueOrDefault(type);
}
