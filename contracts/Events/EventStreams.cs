using AgentRuntime.Common;

namespace AgentRuntime.Events;

/// <summary>
/// The stream of <see cref="EventBatch"/>es: one for each tenant. A grain with the attribute <c>[ImplicitStreamSubscription(EventStreams.Namespace)]</c> is
/// subscribed under the tenant's id as its key.
/// </summary>
public static class EventStreams
{
    /// <summary>The name of the stream provider.</summary>
    public const string Provider = "events";

    /// <summary>The namespace of the streams.</summary>
    public const string Namespace = "events";

    /// <summary>The key of a tenant's stream.</summary>
    public static string KeyOf(TenantId tenant) => tenant.Value;

    /// <summary>Whose the stream with a key is.</summary>
    /// <exception cref="InvalidInputException">It is no key of a stream of events.</exception>
    public static TenantId TenantOf(string key) => TenantId.Parse(key, "stream key");
}
