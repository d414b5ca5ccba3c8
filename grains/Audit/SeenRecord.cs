using AgentRuntime.Events;

namespace AgentRuntime.Audit;

/// <summary>What the index needs of a record.</summary>
/// <param name="Seq">Its seq.</param>
/// <param name="Hash">The hash of its header.</param>
/// <param name="IsEnd">Whether it ends the run.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.audit.parked")]
internal sealed record SeenRecord([property: Id(0)] long Seq, [property: Id(1)] byte[] Hash, [property: Id(2)] bool IsEnd)
{
    public static SeenRecord Of(RunEvent seen) => new(seen.Seq, seen.HeaderHash, EventTypes.IsEnd(seen.Type));
}
