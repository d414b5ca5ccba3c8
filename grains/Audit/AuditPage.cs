namespace AgentRuntime.Audit;

/// <summary>A full page of hashes. It never changes.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.audit.page")]
internal sealed record AuditPage
{
    [Id(0)]
    public byte[] Hashes { get; init; } = [];
}
