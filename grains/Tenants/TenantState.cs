namespace AgentRuntime.Tenants;

/// <summary>What is stored of a tenant.</summary>
[GenerateSerializer, Alias("agentruntime.tenant.state")]
internal sealed record TenantState
{
    /// <summary>Null until the tenant is created.</summary>
    [Id(0)]
    public TenantSettings? Settings { get; init; }

    [Id(1)]
    public string? SuspendedReason { get; init; }

    [Id(2)]
    public DateTimeOffset CreatedAt { get; init; }
}
