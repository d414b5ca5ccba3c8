namespace AgentRuntime.Events;

/// <summary>One record of a run, without its payload.</summary>
/// <param name="Seq">Its place in the run: dense, from 0. Tenant, run and seq name an event for good.</param>
/// <param name="Type">The stable alias of its type, see <see cref="EventTypes"/>. A reader leaves alone what it does not know.</param>
/// <param name="Time">Wall time of the append, UTC, in milliseconds.</param>
/// <param name="HeaderHash">SHA-256 of the record's header, which the next record of the run commits to: 32 bytes.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.event")]
public sealed record RunEvent(
    [property: Id(0)] long Seq, [property: Id(1)] string Type, [property: Id(2)] DateTimeOffset Time, [property: Id(3)] byte[] HeaderHash)
{
    /// <summary>Bytes of <see cref="HeaderHash"/>.</summary>
    public const int HashBytes = 32;
}
