using AgentRuntime.Common;

namespace AgentRuntime.Events;

/// <summary>A subscriber that has to have every record. Each slice that is one registers it.</summary>
/// <param name="Name">What logs call it.</param>
/// <param name="Of">The grain of a tenant.</param>
internal sealed record RequiredLog(string Name, Func<IGrainFactory, TenantId, IRunEventLog> Of);
