namespace AgentRuntime.Tenants;

/// <summary>What an operator sets for a tenant.</summary>
/// <param name="DisplayName">For people; at most 200 characters.</param>
/// <param name="MaxOpenRuns">Runs that are not terminal, at most; default 200,000.</param>
/// <param name="EgressHosts">Hosts that this tenant's tools may reach; empty allows none.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tenant.settings")]
public sealed record TenantSettings(
    [property: Id(0)] string DisplayName,
    [property: Id(1)] int MaxOpenRuns,
    [property: Id(2)] IReadOnlyList<string> EgressHosts)
{
    /// <summary>How long ended runs are kept; null keeps them for ever.</summary>
    [Id(3)]
    public RetentionSettings? Retention { get; init; }
}
