namespace AgentRuntime.Tenants;

/// <summary>How long runs are kept whose agent handles a class of data.</summary>
/// <param name="DataClass">The class, as agents declare it.</param>
/// <param name="Days">Days after the run's end, 0 to 36,500; null keeps it for ever.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tenant.class-retention")]
public sealed record ClassRetention([property: Id(0)] string DataClass, [property: Id(1)] int? Days);
