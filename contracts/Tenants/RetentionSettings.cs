namespace AgentRuntime.Tenants;

/// <summary>
/// How long the content of a tenant's runs is kept after their end. Of the classes that a run's agent handles the one with the shortest time
/// decides, because nothing of a class may outlast it; a run with none of the named classes takes the default.
/// </summary>
/// <param name="DefaultDays">Days after the run's end, 0 to 36,500; null keeps it for ever.</param>
/// <param name="Classes">Classes with a time of their own; at most 32, each named once.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tenant.retention")]
public sealed record RetentionSettings([property: Id(0)] int? DefaultDays, [property: Id(1)] IReadOnlyList<ClassRetention> Classes);
