using AgentRuntime.Common;

namespace AgentRuntime.Events;

/// <summary>
/// What the stream <see cref="EventStreams"/> carries: records of a tenant's runs that are durable in the journal. A batch may come more than once,
/// batches come in any order, and some may never come: whoever must have them all compares with the journal (<see cref="IRunEventLog"/>).
/// </summary>
/// <param name="Tenant">The tenant. It is the stream's; a batch that says otherwise is not to be believed.</param>
/// <param name="Runs">1 or more runs; a run may be in it more than once. At most <see cref="MaxEvents"/> records in all.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.event.batch")]
public sealed record EventBatch([property: Id(0)] TenantId Tenant, [property: Id(1)] IReadOnlyList<RunEvents> Runs)
{
    /// <summary>The most records of one batch.</summary>
    public const int MaxEvents = 1024;
}
